export * from './breakers';
export * from './gateways';
export * from './halts';
export * from './kills';
export * from './reason';
export * from './views';
export * from './resumptions';
