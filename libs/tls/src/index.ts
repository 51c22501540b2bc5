export * from './engine-url';
export * from './tls-folder';
