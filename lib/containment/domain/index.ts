export * from './gateways';
export * from './kills';
