import { may } from '@/lib/people/permissions';
import type { Permission, Role } from '@/lib/people/schema';
import type { Decide, DecisionName, ReviewRefusal, ReviewStatus, ReviewSubject } from '@/lib/reviews/schema';

/** What may be decided of what. */
export const decisionsFor: Record<ReviewSubject, readonly DecisionName[]> = {
  agent: ['keep', 'reduce', 'reassign', 'decommission'],
  policy: ['keep', 'revise'],
};

/** What a person who is not the reviewer needs besides managing reviews, since it is more than an attestation. */
const alsoNeeds: Partial<Record<DecisionName, Permission>> = { reassign: 'agents:reassign', decommission: 'agents:decommission' };
/** Decisions that are nothing without words. */
const needsWords: ReadonlySet<DecisionName> = new Set<DecisionName>(['decommission', 'revise']);

/** An item as far as deciding needs it; all are persons, not accounts. */
export type Decidable = {
  subject: ReviewSubject;
  status: ReviewStatus;
  /** The reviewer, and whoever it was escalated to. */
  named: readonly string[];
  authors: readonly string[];
};
export type Reviewer = { personId: string; roles: readonly Role[] };

const isNamed = (item: Decidable, doer: Reviewer): boolean => item.named.includes(doer.personId) && may(doer, 'reviews:decide');

/** whyNotReview says why this person decides nothing of an item; undefined: they can. */
export function whyNotReview(item: Decidable, doer: Reviewer): ReviewRefusal | undefined {
  if (item.status === 'decided') return 'ALREADY_DECIDED';
  if (item.status === 'void') return 'VOID';
  if (item.authors.includes(doer.personId)) return 'OWN_WORK';
  return isNamed(item, doer) || may(doer, 'reviews:manage') ? undefined : 'NOT_YOURS';
}

/** mustSayWhy tells whether this person's decision needs words: what ends or questions something, and whatever is decided in another's place. */
export const mustSayWhy = (item: Decidable, doer: Reviewer, decision: DecisionName): boolean =>
  needsWords.has(decision) || !isNamed(item, doer);

/** mayDecide lists what this person may decide of an item now. */
export function mayDecide(item: Decidable, doer: Reviewer): DecisionName[] {
  if (whyNotReview(item, doer)) return [];
  return decisionsFor[item.subject].filter((decision) => {
    const right = alsoNeeds[decision];
    return isNamed(item, doer) || right === undefined || may(doer, right);
  });
}

/** whyNotDecide says why this decision is not taken from this person, in the order a person would ask; `held` is what the agent may ask for. */
export function whyNotDecide(
  item: Decidable,
  doer: Reviewer,
  wanted: Decide,
  held: { permissions: readonly string[]; ownerId: string } | undefined,
): ReviewRefusal | undefined {
  const why = whyNotReview(item, doer);
  if (why) return why;
  if (!decisionsFor[item.subject].includes(wanted.decision)) return 'NOT_FOR_THIS';
  if (!mayDecide(item, doer).includes(wanted.decision)) return 'RIGHT_MISSING';
  if (wanted.note === '' && mustSayWhy(item, doer, wanted.decision)) return 'REASON_MISSING';
  if (wanted.decision === 'reduce') {
    if (wanted.permissions.length === 0) return 'NOTHING_CHOSEN';
    if (!wanted.permissions.every((name) => held?.permissions.includes(name))) return 'NOT_HELD';
  }
  if (wanted.decision === 'reassign' && wanted.ownerId === held?.ownerId) return 'SAME_OWNER';
  return undefined;
}
