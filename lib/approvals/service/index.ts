export { approveRequest, decideAs, decideRequest, rejectRequest, type DecideOutcome } from './decide';
export { refusalText } from './refusals';
