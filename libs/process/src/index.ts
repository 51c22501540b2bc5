export * from './lock-file';
export * from './process-mark';
