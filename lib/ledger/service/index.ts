export { appendEvent, movesEpoch, type NewEvent } from './append';
export { Committer, type CommitOutcome, type CommitterOptions } from './committer';
