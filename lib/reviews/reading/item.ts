import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { mayDecide, mustSayWhy, whyNotReview } from '../domain';
import type { ReviewRefusal } from '../schema';
import { candidatesFor, standingOf } from '../service/standing';
import * as tables from '../store';
import { readReviewedAgent } from './agent';
import { readReviewedPolicy } from './policy';
import { rowOf } from './rows';
import { mineMax, type ItemView, type Named } from './schema';
import * as store from './store';

/** Why a page offers no decision. */
const reasons: Partial<Record<ReviewRefusal, string>> = {
  OWN_WORK: 'You built, wrote or run what is reviewed here, so another person reviews it.',
  NOT_YOURS: 'This review is somebody else’s: its reviewer decides it, and whoever is called once it is overdue.',
  VOID: 'What was to be reviewed has ended, so there is nothing to decide.',
};

/** readItem answers all that a review of one agent or policy is decided by, as this person may see it; undefined when there is no such item. */
export async function readItem(person: User, id: string): Promise<ItemView | undefined> {
  const db = prisma();
  const [record, item] = [await store.findItem(db, id), await tables.findItem(db, id)];
  if (!record || !item) return undefined;
  const [today, people, facts, last, beside] = await Promise.all([
    tables.findToday(db),
    tables.listPeople(db),
    tables.listFacts(db, item.subject, [item.subjectId]),
    store.findLastDecided(db, item.subject, item.subjectId, id),
    item.reviewerId === null ? [] : store.listBeside(db, item.reviewerId, mineMax),
  ]);
  const authors = facts.get(item.subjectId)?.authors ?? [];
  const decidable = standingOf(item, authors, people);
  const why = whyNotReview(decidable, person);
  const decisions = mayDecide(decidable, person);
  const about =
    item.subject === 'agent'
      ? { agent: await readReviewedAgent(person, item.subjectId, last?.decidedAt ?? null), policy: null }
      : { agent: null, policy: await readReviewedPolicy(person, item.subjectId) };
  const owners = decisions.includes('reassign') ? ownersFor(people, authors, about.agent?.owner.id) : [];
  const gives = item.status === 'open' && may(person, 'reviews:manage');
  return {
    today,
    item: rowOf(record),
    note: record.note === null ? null : may(person, 'arguments:read') ? { text: record.note, hidden: false } : { text: '', hidden: true },
    ...about,
    last: last ? rowOf(last) : null,
    may: decisions,
    whyNot: why === undefined ? null : (reasons[why] ?? null),
    sayWhy: decisions.filter((decision) => mustSayWhy(decidable, person, decision)),
    ...neighbours(beside, id),
    owners,
    reviewers: gives ? candidatesFor(authors, people).filter((one) => one.id !== item.reviewerId) : [],
  };
}

/** Who could answer for an agent instead: anybody here who did not write it. */
function ownersFor(people: ReadonlyMap<string, tables.PersonFacts>, authors: readonly string[], ownerId: string | undefined): Named[] {
  return [...people.values()]
    .filter((one) => one.active && one.id !== ownerId && !authors.includes(one.personId))
    .map(({ id, name }) => ({ id, name }))
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en'));
}

/** The items before and after this one; once it is decided, the first of those that are left comes next. */
function neighbours(ids: readonly string[], id: string): { previous: string | null; next: string | null } {
  const at = ids.indexOf(id);
  if (at === -1) return { previous: null, next: ids[0] ?? null };
  return { previous: at === 0 ? null : (ids[at - 1] ?? null), next: ids[at + 1] ?? null };
}
