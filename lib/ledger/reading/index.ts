export { followLedger, projectLedger } from './project';
export { listEntries, readHead } from './list';
export { readEvent, readSide, type LedgerEvent, type Side } from './one';
