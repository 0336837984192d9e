export { readActivity } from './activity';
export { listApprovals, readApproval } from './approvals';
export { listLedger } from './entries';
export { viewEvent } from './event';
export { listHaltedWorkflows } from './halts';
export { listOptions, type ListOptions } from './options';
export { listSupervisedActions } from './supervised';
