export { listApprovals, readApproval } from './approvals';
export { viewEvent } from './event';
