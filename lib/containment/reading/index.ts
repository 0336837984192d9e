export { countOpenBreakers, readBreakerHistory, readBreakers } from './breakers';
export { countHalts, readHalts, type HaltRow } from './halts';
export { readGateways, readReaches } from './gateways';
export { readKill, readKills, readTargets } from './kills';
export { readLocks } from './resumptions';
