export * from './cash';
export { CELLS_MAX, cellsOf } from './change-table';
export * from './dispense';
