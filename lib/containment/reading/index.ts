export { listToSign, readAuthorisations } from './authorisations';
export { countOpenBreakers, readBreakerHistory, readBreakers } from './breakers';
export { readDrill, readDrills, readPlan } from './drills';
export { countHalts, readHalts, type HaltRow } from './halts';
export { readGateways, readReaches } from './gateways';
export { readKill, readKills, readStopsOf, readTargets } from './kills';
export { readLocks } from './resumptions';
