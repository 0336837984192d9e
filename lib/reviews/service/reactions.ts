import { z } from 'zod';
import type { Reaction } from '@/lib/ledger/service';
import * as store from '../store';
import { renew } from './renew';

const NewOwner = z.object({ changed: z.object({ ownerId: z.object({ before: z.string() }) }), review: z.string().optional() });

/** followOwner lets an agent's open review go with its ownership, in the same commit; not the review that is deciding so, nor one that was given to somebody. */
export const followOwner: Reaction = async (tx, { actor, subject, data }) => {
  const said = NewOwner.safeParse(data);
  if (!said.success) return;
  const items = await store.listOpenWith(tx, subject.id, said.data.changed.ownerId.before);
  await renew(
    tx,
    actor,
    items.filter(({ id }) => id !== said.data.review),
  );
};

/** voidReviewsOfAgent takes back what was still to be reviewed of an agent that ended, in the same commit. */
export const voidReviewsOfAgent: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'agent', subject.id);
};

/** voidReviewsOfPolicy does so for a policy that is retired with nothing in its place. */
export const voidReviewsOfPolicy: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'policy', subject.id);
};
