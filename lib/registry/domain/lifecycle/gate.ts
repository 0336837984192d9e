import type { Permission } from '@/lib/people/schema';
import {
  actionSlug,
  type ActivationGap,
  type ActivationWarning,
  type Agent,
  type AgentStatus,
  type ClassificationStatus,
  type GapCode,
} from '@/lib/registry/schema';

type Person = { name: string; active: boolean };

/** Coverage is the most specific active policy that covers an action: one of the agent or its process, only the baseline, or none. */
export type Coverage = 'specific' | 'baseline' | 'none';

export type ActivationFacts = {
  agent: Pick<Agent, 'id' | 'status' | 'purpose' | 'permissions' | 'processId'>;
  owner: Person;
  /** Undefined: nobody was named. */
  sponsor: Person | undefined;
  /** The Accountable person of every stage that has one, and how many stages have none. */
  accountable: readonly Person[];
  stagesWithout: number;
  /** Whether it has a secret of its own that opens the token door now. */
  hasCredential: boolean;
  /** The status of each action type that is recorded. */
  actionTypes: ReadonlyMap<string, ClassificationStatus>;
  coverage: ReadonlyMap<string, Coverage>;
  /** Whether somebody who did not write it has approved what it is. */
  reviewed: boolean;
};

/**
 * activationGaps lists all that is missing before an agent may become (or be again) active; empty means nothing is. Each gap says who may fix it and
 * where. A review is not asked for again of an agent that has been active.
 */
export function activationGaps(facts: ActivationFacts): ActivationGap[] {
  const { agent, owner, sponsor } = facts;
  const gaps: ActivationGap[] = [];
  const add = (missing: boolean, code: GapCode, text: string, fixedBy: Permission, href: string, actions: string[] = []) => {
    if (missing) gaps.push({ code, text, fixedBy, href, actions });
  };
  const page = `/registry/agents/${agent.id}`;
  const edit = `${page}/edit`;
  const editor = editedBy(agent.status);
  add(agent.purpose.trim() === '', 'PURPOSE_MISSING', 'It has no purpose.', editor, edit);
  add(!owner.active, 'OWNER_INACTIVE', `Its owner, ${owner.name}, has left. Name another person who answers for it.`, editor, edit);
  const raci = `/raci/${agent.processId}`;
  add(facts.stagesWithout > 0, 'ACCOUNTABLE_MISSING', 'Its process has a stage that nobody is accountable for.', 'raci:manage', raci);
  const left = [...new Set(facts.accountable.filter(({ active }) => !active).map(({ name }) => name))];
  add(left.length > 0, 'ACCOUNTABLE_INACTIVE', `${left.join(', ')} is accountable in its process and has left.`, 'raci:manage', raci);
  add(sponsor === undefined, 'SPONSOR_MISSING', 'Nobody is named who vouches for it: it has no sponsor.', editor, edit);
  add(sponsor?.active === false, 'SPONSOR_INACTIVE', `Its sponsor, ${sponsor?.name ?? ''}, has left.`, editor, edit);
  add(agent.permissions.length === 0, 'PERMISSIONS_MISSING', 'It may not ask for anything yet.', editor, `${page}/permissions`);
  const unset = agent.permissions.filter((name) => facts.actionTypes.get(name) !== 'approved');
  add(
    unset.length > 0,
    'ACTION_UNCLASSIFIED',
    `${listed(unset)} ${unset.length === 1 ? 'is' : 'are'} not classified, so nobody knows what is at stake.`,
    'actions:classify',
    unset.length === 1 ? `/registry/actions/${actionSlug(unset[0] ?? '')}` : '/registry/actions',
    unset,
  );
  const bare = agent.permissions.filter((name) => (facts.coverage.get(name) ?? 'none') === 'none');
  add(
    bare.length > 0,
    'POLICY_MISSING',
    `No active policy covers ${listed(bare)}, so every such call would be halted.`,
    'policy:edit',
    '/policy',
    bare,
  );
  add(
    !facts.hasCredential,
    'CREDENTIAL_MISSING',
    'It has no credential of its own that works now.',
    'credentials:manage',
    `${page}/credentials`,
  );
  const needsReview = agent.status !== 'active' && agent.status !== 'suspended';
  add(needsReview && !facts.reviewed, 'REVIEWER_MISSING', 'Nobody but its author has reviewed it.', 'agents:review', page);
  return gaps;
}

/** What a change of the record itself can open; an agent without permissions asks for nothing, and secrets and reviews are no part of the record. */
const ofTheRecord: ReadonlySet<GapCode> = new Set<GapCode>([
  'PURPOSE_MISSING',
  'OWNER_INACTIVE',
  'ACCOUNTABLE_MISSING',
  'ACCOUNTABLE_INACTIVE',
  'SPONSOR_MISSING',
  'SPONSOR_INACTIVE',
  'ACTION_UNCLASSIFIED',
  'POLICY_MISSING',
]);

/** gapsOpened lists what a change of the record would leave missing that was not missing before it: its new permissions unclassified, nobody who vouches for it. */
export function gapsOpened(before: readonly ActivationGap[], after: readonly ActivationGap[]): ActivationGap[] {
  return after.filter(({ code, actions }) => {
    const known = before.find((gap) => gap.code === code);
    return ofTheRecord.has(code) && (!known || actions.some((action) => !known.actions.includes(action)));
  });
}

/** activationWarnings lists what does not keep an agent from acting: actions for which nobody wrote a policy of the process or the agent. */
export function activationWarnings({ agent, coverage }: Pick<ActivationFacts, 'agent' | 'coverage'>): ActivationWarning[] {
  const actions = agent.permissions.filter((name) => coverage.get(name) === 'baseline');
  if (actions.length === 0) return [];
  const text = `Only the baseline covers ${listed(actions)}: nobody wrote a policy for this process or agent.`;
  return [{ code: 'BASELINE_ONLY', text, href: '/policy', actions }];
}

/** editedBy is who changes what an agent is: engineers while it is being written, those who may activate it once it was reviewed. */
export const editedBy = (status: AgentStatus): Permission =>
  status === 'draft' || status === 'rejected' || status === 'in_review' ? 'agents:register' : 'agents:activate';

const namedMax = 3;
const listed = (names: readonly string[]): string => {
  const more = names.length - namedMax;
  return more > 0 ? `${names.slice(0, namedMax).join(', ')} and ${more} more` : names.join(', ');
};

/** covers tells whether a policy's action pattern (`payments.schedule`, `payments.*`, `*`) covers an action, as the policy engine matches it. */
export const covers = (pattern: string, action: string): boolean =>
  pattern === '*' || pattern === action || (pattern.endsWith('.*') && action.startsWith(pattern.slice(0, -1)));

/** coverageOf reads, for each action, the most specific of the policies given that covers it. An organisation policy that is no baseline covers nothing by itself. */
export function coverageOf(
  actions: readonly string[],
  policies: readonly { level: string; baseline: boolean; actions: readonly string[] }[],
): Map<string, Coverage> {
  return new Map(
    actions.map((action) => {
      const covering = policies.filter((policy) => policy.actions.some((pattern) => covers(pattern, action)));
      if (covering.some(({ level }) => level !== 'organisation')) return [action, 'specific'];
      return [action, covering.some(({ baseline }) => baseline) ? 'baseline' : 'none'];
    }),
  );
}
