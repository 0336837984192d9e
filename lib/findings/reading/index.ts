export { readDetectors } from './detectors';
export { listAssignable, listMyFindings, readFindings, readFindingsOf, type MyFinding } from './list';
export { readFinding } from './one';
export { readSettings } from './settings';
