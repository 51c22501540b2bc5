export * from './cash';
export * from './dispense';
