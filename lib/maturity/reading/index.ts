export { readChecklist } from './checklist';
export { readMaturity, readStageLine, type StageLine } from './maturity';
export { readMetrics } from './metrics';
