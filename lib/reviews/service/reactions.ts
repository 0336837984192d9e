import type { Reaction } from '@/lib/ledger/service';
import * as store from '../store';

/** voidReviewsOfAgent takes back what was still to be reviewed of an agent that ended, in the same commit. */
export const voidReviewsOfAgent: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'agent', subject.id);
};

/** voidReviewsOfPolicy does so for a policy that is retired with nothing in its place. */
export const voidReviewsOfPolicy: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'policy', subject.id);
};
