import { appendEvent } from '@/lib/ledger/service';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import { narrow, outcomeDays, type AllFacts } from '../domain/facts';
import { readCriteria, scoreStage } from '../domain/stage';
import { noDecisions, organisationId, type Scope, type ScopeType } from '../schema';
import { countByScope, type ScopedCounts } from '../store/metrics';
import { claimDay, writeDay, type Snapshot } from '../store/snapshots';
import { loadFacts } from './facts';

const transactionLimits = { timeout: 5_000, maxWait: 5_000 } as const;

/**
 * recordMaturity keeps what the criteria and metrics say today, of the organisation, every process and every agent in service: the first run of a day
 * (UTC) writes its rows with the one event, later ones only what has changed since. Answers how many rows were written. Several processes may run it at
 * once.
 */
export async function recordMaturity(db: PrismaClient): Promise<number> {
  const facts = await loadFacts(db);
  const since = new Date(facts.now.getTime() - outcomeDays * 86_400_000);
  const rows = await countByScope(db, since, new Date(facts.now.getTime() - outcomeDueMinutes * 60_000));
  const counts: Counts = new Map(rows.map(({ type, id, counts: of }) => [`${type} ${id}`, of]));
  const organisation = snapshotOf(facts, { type: 'organisation' }, counts);
  const parts = [
    ...facts.processes.map(({ id }) => snapshotOf(facts, { type: 'process', id }, counts)),
    ...facts.agents.map(({ id }) => snapshotOf(facts, { type: 'agent', id }, counts)),
  ];
  return db.$transaction(async (tx) => {
    const { day, first } = await claimDay(tx, organisation);
    const written = await writeDay(tx, day, first ? parts : [organisation, ...parts]);
    if (!first) return written;
    await appendEvent(tx, {
      kind: 'maturity.recorded',
      actor: { type: 'system', id: 'jobs' },
      subject: { type: 'organisation', id: organisationId },
      data: { day, stage: organisation.stage },
    });
    return written + 1;
  }, transactionLimits);
}

type Counts = ReadonlyMap<string, ScopedCounts['counts']>;

function snapshotOf(all: AllFacts, scope: Scope, counts: Counts): Snapshot {
  const facts = narrow(all, scope);
  if (!facts) throw new Error('a scope that was just listed is gone');
  const results = readCriteria(facts);
  const type: ScopeType = scope.type;
  const id = scope.type === 'organisation' ? organisationId : scope.id;
  const { released: _, bypassed: __, ...none } = noDecisions;
  return {
    type,
    id,
    stage: scoreStage(results),
    criteria: Object.fromEntries(
      results.flatMap(({ criterion, measured }) => {
        if (!measured) return [];
        const { met, value, target, n } = measured;
        return [[criterion.id, { met, value, target, n }]];
      }),
    ),
    metrics: { days: outcomeDays, ...(counts.get(`${type} ${id}`) ?? none) },
  };
}
