import { gapSentence, gapsOf, rowsOf } from '@/lib/raci/domain';
import { stages, type Facts as RaciFacts } from '@/lib/raci/schema';
import { may } from '@/lib/people/permissions';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import { coverageOf } from '@/lib/registry/domain/lifecycle';
import {
  drillDays,
  isInService,
  noTallies,
  outcomeDays,
  propagationSeconds,
  recordDays,
  reviewDays,
  type AgentFacts,
  type AllFacts,
  type ProcessFacts,
  type RaciGap,
  type Tallies,
} from '../domain/facts';
import type { Scope, ScopeType } from '../schema';
import { listChanges, listDrills } from '../store/containment';
import * as store from '../store/facts';
import { countBypassed } from '../store/metrics';
import { readNow, type Reader } from '../store/reader';

const dayMs = 86_400_000;

/**
 * loadFacts reads everything that criteria go by, set by set, as it stands for this reader. With a scope, agents are those of its process, and decisions
 * and requests are counted of it alone, for who narrows the facts to it.
 */
export async function loadFacts(db: Reader, of: Scope = { type: 'organisation' }): Promise<AllFacts> {
  const now = await readNow(db);
  const ago = (days: number): Date => new Date(now.getTime() - days * dayMs);
  const dueBefore = new Date(now.getTime() - outcomeDueMinutes * 60_000);
  const [agents, people, teams, processes, cells, policies, orphans, reviews, decisions, requests, bypassed, drills, changes] =
    await Promise.all([
      store.listAgents(db, of),
      store.listPeople(db),
      store.listTeams(db),
      store.listProcesses(db),
      store.listCells(db),
      store.listPolicies(db),
      store.listOrphans(db),
      store.listReviews(db, reviewDays),
      store.tallyDecisions(db, of, ago(recordDays), ago(outcomeDays), dueBefore),
      store.tallyRequests(db, of, ago(recordDays)),
      countBypassed(db, { scope: of, since: ago(outcomeDays) }),
      listDrills(db, ago(drillDays)),
      listChanges(db, ago(recordDays), propagationSeconds),
    ]);
  const all = agents.map((agent) => agentFacts(agent, policies));
  const tallies = (type: ScopeType): Map<string, Tallies> => talliesOf(type, decisions, requests);
  const standing = people.map((person) => ({ ...person, signs: may(person, 'approvals:decide') }));
  return {
    scope: { type: 'organisation' },
    now,
    people,
    agents: all.filter(isInService),
    others: all.filter((agent) => !isInService(agent)),
    processes: processes.map((process) => ({ ...process, ownPolicies: ownPolicies(process.id, all, policies) })),
    raciGaps: processes.flatMap(({ id }) =>
      raciGapsOf(id, cells, { people: standing, teams, agents: agents.filter(({ processId }) => processId === id) }),
    ),
    orphans,
    reviews,
    drills,
    changes,
    tallies: {
      ...(tallies('organisation').values().next().value ?? noTallies),
      bypassed: bypassed.find(({ day }) => day === null)?.bypassed ?? 0,
    },
    ofProcess: tallies('process'),
    ofAgent: tallies('agent'),
  };
}

function agentFacts({ actions, ...agent }: store.AgentRow, policies: readonly store.PolicyRow[]): AgentFacts {
  const reaching = policies.filter(
    ({ level, process, agent: of }) => level === 'organisation' || process === agent.processId || of === agent.id,
  );
  const coverage = coverageOf(
    actions.map(({ name }) => name),
    reaching,
  );
  return { ...agent, actions: actions.map((action) => ({ ...action, coverage: coverage.get(action.name) ?? 'none' })) };
}

/** How many policies in force are for a process, or for an agent in it. */
function ownPolicies(processId: string, agents: readonly AgentFacts[], policies: readonly store.PolicyRow[]): ProcessFacts['ownPolicies'] {
  const inIt = new Set(agents.filter((agent) => agent.processId === processId).map(({ id }) => id));
  return policies.filter(({ process, agent }) => process === processId || (agent !== null && inIt.has(agent))).length;
}

const accountableCodes = new Set(['ACCOUNTABLE_GONE', 'ACCOUNTABLE_BUILT_IT']);

function raciGapsOf(processId: string, cells: Awaited<ReturnType<typeof store.listCells>>, facts: RaciFacts): RaciGap[] {
  const own = cells.filter((cell) => cell.processId === processId);
  const scopes = [null, ...new Set(own.flatMap(({ agentId }) => agentId ?? []))];
  const gaps = scopes.flatMap((agentId): RaciGap[] =>
    gapsOf(agentId, rowsOf(own.filter((cell) => cell.agentId === agentId)), facts).map((gap) => ({
      processId,
      agentId,
      code: gap.code,
      accountable: accountableCodes.has(gap.code),
      text: gapSentence(gap),
    })),
  );
  const named = rowsOf(own.filter(({ agentId }) => agentId === null)).length;
  if (named === stages.length) return gaps;
  const text = `${stages.length - named} of its stages have nobody Accountable.`;
  return [{ processId, agentId: null, code: 'ACCOUNTABLE_MISSING', accountable: true, text }, ...gaps];
}

function talliesOf(
  type: ScopeType,
  decisions: readonly store.TallyRow[],
  requests: readonly store.RequestTallyRow[],
): Map<string, Tallies> {
  const found = new Map<string, Tallies>();
  for (const { type: of, id, ...row } of decisions) if (of === type) found.set(id, { ...noTallies, ...row });
  for (const { type: of, id, ...row } of requests) if (of === type) found.set(id, { ...(found.get(id) ?? noTallies), ...row });
  return found;
}
