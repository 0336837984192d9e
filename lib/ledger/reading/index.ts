export { listEntries, listEntriesWithData, readHead, type EntryData } from './list';
export { readEvent, readSide, readUnsealed, type LedgerEvent, type Side } from './one';
