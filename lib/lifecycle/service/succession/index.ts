export { applySuccession } from './departure';
export { graceBatchMax, suspendOrphans } from './grace';
export { estateOf, partsHeld } from './household';
export { reassign } from './reassign';
export { settleOrphans, welcomeBack } from './settle';
export { undoSuccession, type UndoOutcome } from './undo';
