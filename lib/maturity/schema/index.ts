export * from './metrics';
export * from './stages';
export * from './views';
