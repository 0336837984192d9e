export { decideReviewItem, type DecideOutcome } from './decide';
export { giveReview, type GiveOutcome } from './give';
export { beginReview, openReviews, type BeginOutcome } from './open';
export { followReviews } from './remind';
