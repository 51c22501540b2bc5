export { adminKeyFault } from './admin-key';
export type { EventStream } from './event-stream';
export { statusFailures, type Failure, type FailureFormat } from './failure';
export * from './health-server';
export type { Answer } from './exchange';
export * from './http-app';
export { buildOpenApi, type ServiceDescription } from './openapi';
export type { WaitPreference } from './prefer';
export type { RequestFacts } from './request-facts';
