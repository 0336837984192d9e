export { acknowledgementsOf, epochOf, listGateways } from './gateways';
export * from './halts';
export * from './kills';
export { Presence } from './presence';
export { killImpact, killReach, reachOfChange, silentAfterSeconds, tellAcknowledged, tellBatchMax } from './reach';
