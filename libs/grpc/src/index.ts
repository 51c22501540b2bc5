export * from './event';
export * from './inventory';
export * from './payment';
export * from './request-fields';
export { grpcService, type GrpcService } from './package-definition';
export * from './server';
export * from './status';
export * from './wallet-client';
