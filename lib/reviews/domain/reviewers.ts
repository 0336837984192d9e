import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';

/** Somebody who could review, as far as choosing needs it. */
export type Candidate = { id: string; personId: string; roles: readonly Role[]; active: boolean; managerId: string | null };

/** What is reviewed, as far as choosing needs it; all but `authors` are accounts. */
export type Reviewed = {
  ownerId: string | null;
  processOwnerId: string | null;
  /** Who is Accountable in its process, the Escalation stage first. */
  accountable: readonly string[];
  /** The persons (not accounts) who built it, wrote it or run it: none of them reviews it. */
  authors: readonly string[];
};

export type People = ReadonlyMap<string, Candidate>;
/** How many open items each account has. */
export type Load = ReadonlyMap<string, number>;

/** canReview tells whether a person may be named for this: here, allowed to review, and none of its authors whichever account they use. */
export const canReview = (person: Candidate | undefined, authors: readonly string[]): person is Candidate =>
  person !== undefined && person.active && may(person, 'reviews:decide') && !authors.includes(person.personId);

/** leastLoaded orders people so that work is spread: fewest open items first, then by id. */
const leastLoaded = (people: readonly Candidate[], load: Load): Candidate[] =>
  people.toSorted((left, right) => (load.get(left.id) ?? 0) - (load.get(right.id) ?? 0) || (left.id < right.id ? -1 : 1));

const holding = (role: Role, people: People, load: Load): Candidate[] =>
  leastLoaded(
    [...people.values()].filter(({ roles }) => roles.includes(role)),
    load,
  );

/**
 * chooseReviewer names who reviews something: its owner, its process's owner, whoever is Accountable in the process, a risk officer, a leader; the
 * first who can. null: nobody can.
 */
export function chooseReviewer(reviewed: Reviewed, people: People, load: Load): string | null {
  const named = [reviewed.ownerId, reviewed.processOwnerId, ...reviewed.accountable].map((id) =>
    id === null ? undefined : people.get(id),
  );
  const order = [...named, ...holding('risk', people, load), ...holding('leader', people, load)];
  return order.find((person) => canReview(person, reviewed.authors))?.id ?? null;
}

/**
 * chooseEscalation names whom an overdue item goes to: the manager of the process's owner, its owner, a leader; for what has no process, the reviewer's
 * manager, then a leader. Never whoever let it lie. null: nobody can.
 */
export function chooseEscalation(reviewed: Reviewed, reviewerId: string | null, people: People, load: Load): string | null {
  const reviewer = reviewerId === null ? undefined : people.get(reviewerId);
  const above = reviewed.processOwnerId ?? reviewerId;
  const managerId = above === null ? null : (people.get(above)?.managerId ?? null);
  const named = [managerId, reviewed.processOwnerId].map((id) => (id === null ? undefined : people.get(id)));
  const order = [...named, ...holding('leader', people, load)];
  return order.find((person) => canReview(person, reviewed.authors) && person.personId !== reviewer?.personId)?.id ?? null;
}
