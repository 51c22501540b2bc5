export * from './cash';
export * from './cells-of';
export { CELLS_MAX } from './change-table';
export * from './dispense';
