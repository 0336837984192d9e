export { approveRequest, decideAs, decideRequest, rejectRequest, type DecideOutcome } from './decide';
export { decidersOf, refusalText } from './refusals';
