export { appendEvent, appendEvents, movesEpoch, type NewEvent, type Reaction } from './append';
export { Committer, type CommitOutcome, type CommitterOptions } from './committer';
