export * from './cells';
export * from './finding';
export * from './settings';
export * from './snapshot';
export * from './views';
