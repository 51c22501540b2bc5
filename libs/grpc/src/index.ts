export * from './client';
export * from './inventory';
export { grpcService, type GrpcService } from './package-definition';
export * from './server';
export * from './status';
