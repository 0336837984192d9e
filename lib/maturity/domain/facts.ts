import { ownProcessOnly, may } from '@/lib/people/permissions';
import type { Permission, Role } from '@/lib/people/schema';
import type { Coverage } from '@/lib/registry/domain/lifecycle';
import type { AgentStatus } from '@/lib/registry/schema';
import type { Scope } from '../schema';

/** How far back criteria look at decisions and requests, at outcomes, and at reviews, in days. */
export const recordDays = 90;
export const outcomeDays = 30;
export const reviewDays = 180;

export type Person = { id: string; personId: string; name: string; roles: readonly Role[]; active: boolean };

/** AgentFacts is what criteria know of an agent. `workloads` is from how many places its own secret was used lately. */
export type AgentFacts = {
  id: string;
  name: string;
  status: AgentStatus;
  processId: string;
  purpose: string;
  ownerId: string;
  sponsorId: string | null;
  technicalOwnerId: string | null;
  /** It passed the gate: somebody who wrote none of it reviewed it before it was activated. */
  reviewed: boolean;
  nextReviewOn: string | null;
  /** It has a live secret of its own. */
  ownCredential: boolean;
  workloads: number;
  /** Each action it may ask for: whether it is classified, and how policy covers it. */
  actions: readonly { name: string; classified: boolean; coverage: Coverage }[];
};

export type ProcessFacts = { id: string; name: string; ownerId: string; ownPolicies: number };
/** RaciGap is one thing missing in a matrix, or in the exceptions of one agent. */
export type RaciGap = { processId: string; agentId: string | null; code: string; accountable: boolean; text: string };
export type OrphanFacts = { subjectType: 'agent' | 'process'; subjectId: string; part: string; graceOver: boolean };
/** ReviewFacts is one item of a campaign that was due, or decided, in the days looked at; `late`: decided, or still open, after its day. */
export type ReviewFacts = {
  id: string;
  subjectId: string;
  processId: string | null;
  reviewerId: string | null;
  open: boolean;
  late: boolean;
};

/**
 * Tallies are counts over the days looked at. `unsigned`: allowed at tier 3 or 4 without an approval; `bypassed`: reports of tools that calls came past
 * the gate, of the organisation alone.
 */
export type Tallies = {
  decisions: number;
  unsigned: number;
  reported: number;
  missing: number;
  bypassed: number;
  decided: number;
  expired: number;
};
export const noTallies: Tallies = { decisions: 0, unsigned: 0, reported: 0, missing: 0, bypassed: 0, decided: 0, expired: 0 };

/** How far back drills are looked at, in days: a quarter. */
export const drillDays = 92;
/** DrillFacts is one kill drill that was measured. `reached`: every gateway acknowledged within its 30 seconds; else `text` says what it showed. */
export type DrillFacts = { id: string; reached: boolean; text: string };
/** Within this a change of policy is decided by everywhere, in seconds. */
export const propagationSeconds = 60;
/** ChangeFacts is one change of a policy while gateways were alive. `late` names the gateways that did not decide by it in time. */
export type ChangeFacts = { id: string; name: string; day: string; late: readonly string[] };

/** Facts is everything that criteria and the checklist read, loaded once. `tallies` are those of the whole. */
export type Facts = {
  scope: Scope;
  now: Date;
  people: readonly Person[];
  agents: readonly AgentFacts[];
  processes: readonly ProcessFacts[];
  raciGaps: readonly RaciGap[];
  orphans: readonly OrphanFacts[];
  reviews: readonly ReviewFacts[];
  /** Newest first; of the organisation alone. */
  drills: readonly DrillFacts[];
  changes: readonly ChangeFacts[];
  tallies: Tallies;
};

/** AllFacts are those of the organisation, with the tallies of every process and agent, to be narrowed. */
export type AllFacts = Facts & {
  scope: { type: 'organisation' };
  ofProcess: ReadonlyMap<string, Tallies>;
  ofAgent: ReadonlyMap<string, Tallies>;
  /** Agents that are in no way in use (drafts and the like), for the stage of one alone. */
  others: readonly AgentFacts[];
};

/** isInService tells whether an agent may act, or may again: only such agents count for a process or the organisation. */
export const isInService = ({ status }: Pick<AgentFacts, 'status'>): boolean => status === 'active' || status === 'suspended';

/** narrow gives the facts of one process or one agent; undefined when there is none. */
export function narrow(all: AllFacts, scope: Scope): Facts | undefined {
  if (scope.type === 'organisation') return all;
  if (scope.type === 'process') return ofProcess(all, scope.id);
  return ofAgent(all, scope.id);
}

function ofProcess(all: AllFacts, id: string): Facts | undefined {
  const process = all.processes.find((known) => known.id === id);
  if (!process) return undefined;
  const agents = all.agents.filter(({ processId }) => processId === id);
  const ids = new Set(agents.map((agent) => agent.id));
  return {
    ...all,
    scope: { type: 'process', id },
    agents,
    processes: [process],
    raciGaps: all.raciGaps.filter(({ processId }) => processId === id),
    orphans: all.orphans.filter(({ subjectId }) => subjectId === id || ids.has(subjectId)),
    reviews: all.reviews.filter(({ subjectId, processId }) => processId === id || ids.has(subjectId)),
    tallies: all.ofProcess.get(id) ?? noTallies,
  };
}

function ofAgent(all: AllFacts, id: string): Facts | undefined {
  const { agents, processes, raciGaps, orphans, reviews } = indexOf(all);
  const agent = agents.get(id);
  if (!agent) return undefined;
  return {
    ...all,
    scope: { type: 'agent', id },
    agents: [agent],
    processes: processes.get(agent.processId) ?? [],
    raciGaps: (raciGaps.get(agent.processId) ?? []).filter(({ agentId }) => agentId === null || agentId === id),
    orphans: orphans.get(id) ?? [],
    reviews: reviews.get(id) ?? [],
    tallies: all.ofAgent.get(id) ?? noTallies,
  };
}

type Index = {
  agents: ReadonlyMap<string, AgentFacts>;
  processes: ReadonlyMap<string, ProcessFacts[]>;
  raciGaps: ReadonlyMap<string, RaciGap[]>;
  orphans: ReadonlyMap<string, OrphanFacts[]>;
  reviews: ReadonlyMap<string, ReviewFacts[]>;
};
const indexes = new WeakMap<AllFacts, Index>();

/** The facts by what they are about, made once: every agent of an inventory is narrowed to. */
function indexOf(all: AllFacts): Index {
  const known = indexes.get(all);
  if (known) return known;
  const made: Index = {
    agents: new Map([...all.others, ...all.agents].map((agent) => [agent.id, agent])),
    processes: groupBy(all.processes, ({ id }) => id),
    raciGaps: groupBy(all.raciGaps, ({ processId }) => processId),
    orphans: groupBy(all.orphans, ({ subjectId }) => subjectId),
    reviews: groupBy(all.reviews, ({ subjectId }) => subjectId),
  };
  indexes.set(all, made);
  return made;
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

/** Who may what, as it was asked before: the same is asked for every gap of every agent. */
const asked = new WeakMap<readonly Person[], Map<string, readonly string[]>>();

/** whoMay answers the accounts that may do this in a process (null: anywhere), whoever owns that process first. */
export function whoMay(
  { people, processes }: Pick<Facts, 'people' | 'processes'>,
  permission: Permission,
  processId: string | null,
): readonly string[] {
  const ownerId = processes.find(({ id }) => id === processId)?.ownerId;
  const known = asked.get(people) ?? new Map<string, readonly string[]>();
  asked.set(people, known);
  const key = JSON.stringify([permission, processId, ownerId]);
  const answer = known.get(key) ?? ableTo(people, permission, processId, ownerId);
  known.set(key, answer);
  return answer;
}

function ableTo(people: readonly Person[], permission: Permission, processId: string | null, ownerId: string | undefined): string[] {
  const owner = people.find(({ id }) => id === ownerId)?.personId;
  const able = people.filter((person) => {
    if (!person.active || !may(person, permission)) return false;
    return !ownProcessOnly(person, permission) || processId === null || person.personId === owner;
  });
  return able.toSorted((a, b) => Number(b.personId === owner) - Number(a.personId === owner)).map(({ id }) => id);
}
