export { acknowledgementsOf, epochOf, listGateways } from './gateways';
export * from './halts';
export * from './kills';
export { Presence } from './presence';
