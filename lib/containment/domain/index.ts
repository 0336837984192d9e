export * from './authorisations';
export * from './breaker-words';
export * from './breakers';
export * from './drills';
export * from './gateways';
export * from './kills';
export * from './resumptions';
