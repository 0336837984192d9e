export * from './breaker-words';
export * from './breakers';
export * from './gateways';
export * from './kills';
export * from './resumptions';
