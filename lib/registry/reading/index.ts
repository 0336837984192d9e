export * from './agent';
export * from './history';
export * from './inventory';
export * from './names';
export { usesLookedAt } from './store';
