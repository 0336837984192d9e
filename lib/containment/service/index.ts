export { recoverBreakers, sweepBreakerWindows, windowSweepMax } from './breakers/recovery';
export { resetBreaker, type ResetOutcome } from './breakers/reset';
export { acknowledgementsOf, epochOf, listGateways } from './gateways';
export * from './halts';
export * from './kills';
export { Presence } from './presence';
export { killImpact, killReach, reachOfChange, silentAfterSeconds, tellAcknowledged, tellBatchMax } from './reach';
export * from './resumptions';
