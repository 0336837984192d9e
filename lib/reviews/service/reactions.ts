import { z } from 'zod';
import type { Reaction } from '@/lib/ledger/service';
import * as store from '../store';
import { renew } from './renew';

/** As an edit of the record says it, and as a person who gives it to another does. */
const NewOwner = z.object({ changed: z.object({ ownerId: z.object({ before: z.string() }) }) });
const GivenOwner = z.object({ part: z.literal('owner'), from: z.string() });

/**
 * followOwner lets an agent's open review go with its ownership, in the same commit; not the review that is deciding so, nor one that was given to
 * somebody. Who inherits from somebody who left takes over their reviews with the next hourly look instead, so that a large estate is one short commit.
 */
export const followOwner: Reaction = async (tx, { actor, subject, data }) => {
  const before = ownerBefore(data);
  if (subject.type !== 'agent' || before === undefined) return;
  const items = await store.listOpenWith(tx, subject.id, before);
  const { review } = data;
  await renew(
    tx,
    actor,
    items.filter(({ id }) => id !== review),
  );
};

function ownerBefore(data: Record<string, unknown>): string | undefined {
  const edited = NewOwner.safeParse(data);
  if (edited.success) return edited.data.changed.ownerId.before;
  const given = GivenOwner.safeParse(data);
  return given.success ? given.data.from : undefined;
}

/** voidReviewsOfAgent takes back what was still to be reviewed of an agent that ended, in the same commit. */
export const voidReviewsOfAgent: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'agent', subject.id);
};

/** voidReviewsOfPolicy does so for a policy that is retired with nothing in its place. */
export const voidReviewsOfPolicy: Reaction = async (tx, { subject }) => {
  await store.voidItemsOf(tx, 'policy', subject.id);
};
