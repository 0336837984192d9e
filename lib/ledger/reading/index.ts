export { listEntries, readHead } from './list';
export { readEvent, readSide, readUnsealed, type LedgerEvent, type Side } from './one';
