export * from './matrix';
export * from './stages';
export * from './views';
