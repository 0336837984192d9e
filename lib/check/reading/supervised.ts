import { prisma } from '@/lib/platform/db/prisma';
import type { User } from '@/lib/people/service';
import { readAgentNames, readProcessNames } from '@/lib/registry/reading';
import { supervisedPageMax, type SupervisedItem, type SupervisedPage, type SupervisedQuery } from './schema';
import { named, tellDecisions } from './sentences';
import { listAnsweredProcesses } from './store';
import { countSupervised, listSupervised, type SupervisedFilter } from './store/supervised';

/**
 * listSupervisedActions gives the actions that went ahead and can still be undone, the deadline that comes first in front: of the process that was
 * named, or else of those this person answers for.
 */
export async function listSupervisedActions(person: User, query: SupervisedQuery): Promise<SupervisedPage> {
  const db = prisma();
  const answered = await listAnsweredProcesses(db, person.personId);
  const filter: SupervisedFilter = {
    processes: query.process === undefined ? answered : [query.process],
    agent: query.agent ?? null,
    action: query.action ?? null,
  };
  const [us = '', seq = ''] = query.after?.split('-') ?? [];
  const after = query.after === undefined ? null : { us, seq };
  const [found, count] = await Promise.all([listSupervised(db, filter, after, supervisedPageMax + 1), countSupervised(db, filter)]);
  const rows = found.slice(0, supervisedPageMax);
  const last = rows.at(-1);
  return {
    items: await itemsOf(person, rows),
    next: found.length > supervisedPageMax && last ? `${last.untilUs}-${last.seq}` : null,
    count,
    answersFor: answered.length,
  };
}

/** countSupervisedActions counts what a person could still have undone in the processes they answer for. */
export async function countSupervisedActions(person: User): Promise<number> {
  const processes = await listAnsweredProcesses(prisma(), person.personId);
  return processes.length === 0 ? 0 : countSupervised(prisma(), { processes, agent: null, action: null });
}

async function itemsOf(person: User, rows: readonly { seq: bigint; until: Date }[]): Promise<SupervisedItem[]> {
  const told = await tellDecisions(
    person,
    rows.map(({ seq }) => seq),
  );
  const payloads = [...told.values()].map(({ payload }) => payload);
  const [agents, processes] = await Promise.all([
    readAgentNames(payloads.map(({ agent }) => agent)),
    readProcessNames(payloads.map(({ process }) => process)),
  ]);
  return rows.flatMap(({ seq, until }) => {
    const decision = told.get(seq);
    if (!decision) return [];
    const { payload, at, sentence, amount, action } = decision;
    return [
      {
        decisionId: payload.id,
        seq: String(seq),
        at: at.toISOString(),
        until: until.toISOString(),
        action: payload.action,
        sentence,
        amount,
        agent: named(payload.agent, agents.get(payload.agent)?.name),
        process: named(payload.process, processes.get(payload.process)?.name),
        compensation: action?.classification?.compensation?.action ?? null,
      },
    ];
  });
}
