import { maySettle } from './domain/settle';
import {
  outcomeDueMinutes,
  outcomeRanges,
  outcomesPageMax,
  OutcomeWords,
  type OutcomeFilter,
  type OutcomeItem,
  type OutcomePage,
  type OutcomeQuery,
  type OutcomeView,
} from './schema';
import * as store from './store/outcomes';
import { mayReadArguments } from '@/lib/approvals/domain';
import { readRouting } from '@/lib/approvals/reading';
import { tellDecisions, type Told } from '@/lib/check/reading/sentences';
import { readEvent, readSide, type LedgerEvent } from '@/lib/ledger/reading';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { readAgentNames, readProcessNames } from '@/lib/registry/reading';

const scopeOf = (filter: OutcomeFilter, now: Date): store.Scope => ({
  since: new Date(now.getTime() - outcomeRanges[filter.range] * 3_600_000),
  dueBefore: new Date(now.getTime() - outcomeDueMinutes * 60_000),
  agent: filter.agent,
  process: filter.process,
});

/** readOutcomes gives one page of allowed actions whose outcome is missing, or ambiguous, newest first, with the counts of the whole scope. `now` is this server's clock. */
export async function readOutcomes(person: User, query: OutcomeQuery, now: Date = new Date()): Promise<OutcomePage> {
  const scope = scopeOf(query, now);
  const before = query.before === undefined ? undefined : BigInt(query.before);
  const list =
    query.list === 'missing'
      ? store.listMissing(prisma(), scope, before, outcomesPageMax + 1)
      : store.listAmbiguous(prisma(), scope, before, outcomesPageMax + 1);
  const [counts, found] = await Promise.all([store.countOutcomes(prisma(), scope), list]);
  const rows = found.slice(0, outcomesPageMax);
  const items = await itemsOf(person, rows);
  return { items, next: found.length > outcomesPageMax ? String(rows.at(-1)?.seq ?? '') : null, counts };
}

async function itemsOf(person: User, rows: readonly store.OpenRow[]): Promise<OutcomeItem[]> {
  const told = await tellDecisions(
    person,
    rows.map(({ seq }) => seq),
  );
  const [agents, processes, owns] = await Promise.all([
    readAgentNames([...told.values()].map(({ payload }) => payload.agent)),
    readProcessNames([...told.values()].map(({ payload }) => payload.process)),
    ownerOf(person),
  ]);
  const itemOf = (row: store.OpenRow, { payload, at, sentence, amount }: Told): OutcomeItem => {
    const process = processes.get(payload.process);
    return {
      seq: String(row.seq),
      decision: payload.id,
      at: at.toISOString(),
      agent: { id: payload.agent, name: agents.get(payload.agent)?.name ?? payload.agent },
      process: process === undefined ? null : { id: process.id, name: process.name },
      action: payload.action,
      sentence,
      tier: payload.tier,
      amount,
      reportedAt: row.reportedAt?.toISOString() ?? null,
      mine: row.reportedAt !== null && maySettle(person, owns(process?.ownerId)),
    };
  };
  return rows.flatMap((row) => {
    const decision = told.get(row.seq);
    return decision ? [itemOf(row, decision)] : [];
  });
}

/** Tells of an account whether it is one of this person's. */
async function ownerOf(person: User): Promise<(userId: string | undefined) => boolean> {
  const mine = new Set((await listUsers()).filter(({ personId }) => personId === person.personId).map(({ id }) => id));
  return (userId) => userId !== undefined && mine.has(userId);
}

/** readOutcome gives what became of one decision, as far as this person may see it; undefined when the decision did not let anything go ahead, or is none. */
export async function readOutcome(person: User, decision: string, now: Date = new Date()): Promise<OutcomeView | undefined> {
  const [row, event] = await Promise.all([store.findOutcome(prisma(), decision), readEvent(decision)]);
  const verdict = event?.payload['verdict'];
  if (!event || (verdict !== 'allow' && verdict !== 'allow_reversible')) return undefined;
  const due = event.at.getTime() <= now.getTime() - outcomeDueMinutes * 60_000;
  if (!row) return { decision, reported: null, due, mine: false };
  const [words, people, owns, processes] = await Promise.all([
    wordsOf(person, event, row.eventId),
    listUsers(),
    ownerOf(person),
    readProcessNames(row.processId === null ? [] : [row.processId]),
  ]);
  const settler = people.find(({ id }) => id === row.settledBy);
  return {
    decision,
    reported: {
      status: row.status,
      reportedAs: row.reportedAs,
      reportedAt: row.reportedAt.toISOString(),
      outputDigest: row.outputDigest,
      tokens: row.tokens,
      costUsd: row.costUsd,
      settledAt: row.settledAt?.toISOString() ?? null,
      settledBy:
        row.settledBy === null ? null : { id: row.settledBy, name: settler?.name ?? row.settledBy, agent: row.settledBy === row.agentId },
      words,
      event: row.eventId,
    },
    due,
    mine: row.status === 'ambiguous' && maySettle(person, owns(processes.get(row.processId ?? '')?.ownerId)),
  };
}

async function wordsOf(person: User, decided: LedgerEvent, eventId: string): Promise<OutcomeWords | 'hidden' | 'erased' | null> {
  const reported = await readEvent(eventId);
  if (!reported || typeof reported.payload['commitment'] !== 'string') return null;
  const routing = await readRouting(String(decided.payload['agent']), String(decided.payload['process']));
  if (!mayReadArguments(person, routing)) return 'hidden';
  const side = await readSide(reported, true);
  const words = side.state === 'open' && side.text !== undefined ? OutcomeWords.safeParse(JSON.parse(side.text)) : undefined;
  return words?.success ? words.data : 'erased';
}
