export { approveRequest, decideAs, decideRequest, rejectRequest, type DecideOutcome } from './decide';
export { listApprovals, readApproval } from './reading';
