export { readItem } from './item';
export { listMyReviewItems, readCampaign, readReviews, type MyReviewItem } from './lists';
export { reviewNumbers } from './numbers';
