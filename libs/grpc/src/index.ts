export * from './client';
export * from './inventory';
export * from './payment';
export { grpcService, type GrpcService } from './package-definition';
export * from './server';
export * from './status';
