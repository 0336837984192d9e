import type { Permission, Role } from '@/lib/people/schema';
import { roles } from '@/lib/people/schema';
import { editedBy } from '@/lib/registry/domain/lifecycle';
import { recordDays, whoMay, type AgentFacts, type Facts, type ProcessFacts } from '../facts';
import { at, everyOne, inventoryAt, listAt, type Criterion, type CriterionGap, type Measured } from './criterion';

export const everywhere = ['organisation', 'process', 'agent'] as const;
export const aboveAgents = ['organisation', 'process'] as const;

export const agentGap = (facts: Facts, agent: AgentFacts, text: string, permission: Permission, page = ''): CriterionGap => ({
  text: `${agent.name} ${text}`,
  who: whoMay(facts, permission, agent.processId),
  href: `/registry/agents/${agent.id}${page}`,
  subject: { type: 'agent', id: agent.id },
});

export const processGap = (facts: Facts, process: ProcessFacts, text: string, permission: Permission, href: string): CriterionGap => ({
  text: `${process.name} ${text}`,
  who: whoMay(facts, permission, process.id),
  href,
  subject: { type: 'process', id: process.id },
});

/** The gap of a scope without agents. */
export const noAgents = (facts: Facts): CriterionGap => ({
  text: 'No agent is in service, so there is nothing to go by.',
  who: whoMay(facts, 'agents:register', null),
  href: '/registry/agents',
  subject: { type: facts.scope.type, id: facts.scope.type === 'organisation' ? 'organisation' : facts.scope.id },
});

const noProcesses = (facts: Facts): CriterionGap => ({
  text: 'There is no process yet.',
  who: whoMay(facts, 'processes:manage', null),
  href: '/raci/new',
  subject: { type: 'organisation', id: 'organisation' },
});

/** isHere tells whether an account is there and active. */
export const isHere = ({ people }: Facts, id: string | null): boolean => people.some((person) => person.id === id && person.active);

const described = (facts: Facts): Measured =>
  everyOne(
    facts.agents,
    (agent) => {
      const gap = (text: string) => agentGap(facts, agent, text, editedBy(agent.status), '/edit');
      return [
        ...(agent.purpose.trim() === '' ? [gap('has no purpose.')] : []),
        ...(isHere(facts, agent.ownerId) ? [] : [gap('has no owner who is still here.')]),
        ...(isHere(facts, agent.sponsorId) ? [] : [gap('has no sponsor who is still here.')]),
      ];
    },
    () => noAgents(facts),
  );

const namedMax = 3;
const listed = (names: readonly string[]): string =>
  names.length > namedMax ? `${names.slice(0, namedMax).join(', ')} and ${names.length - namedMax} more` : names.join(', ');

/** A process has a policy of its own when one is for it or each of its agents, and its agents' actions need no baseline. */
function policyGaps(facts: Facts, process: ProcessFacts): CriterionGap[] {
  const actions = facts.agents.filter(({ processId }) => processId === process.id).flatMap((agent) => agent.actions);
  const bare = [...new Set(actions.filter(({ coverage }) => coverage !== 'specific').map(({ name }) => name))].toSorted();
  if (bare.length > 0) return [processGap(facts, process, `has no policy of its own for ${listed(bare)}.`, 'policy:edit', '/policy')];
  if (process.ownPolicies > 0) return [];
  return [processGap(facts, process, 'has no policy of its own.', 'policy:edit', '/policy')];
}

const policies = (facts: Facts): Measured =>
  everyOne(
    facts.processes,
    (process) => policyGaps(facts, process),
    () => noProcesses(facts),
  );

const accountable = (facts: Facts): Measured =>
  everyOne(
    facts.processes,
    (process) => {
      const gaps = facts.raciGaps.filter(({ processId, accountable: lacks }) => processId === process.id && lacks);
      return [
        ...(isHere(facts, process.ownerId)
          ? []
          : [processGap(facts, process, 'has no owner who is still here.', 'processes:manage', `/raci/${process.id}/edit`)]),
        ...gaps.map(({ text }) => processGap(facts, process, `lacks an Accountable: ${text}`, 'raci:manage', `/raci/${process.id}`)),
      ];
    },
    () => noProcesses(facts),
  );

const held = (facts: Facts): Measured =>
  everyOne(
    roles,
    (role: Role) =>
      facts.people.some((person) => person.active && person.roles.includes(role))
        ? []
        : [
            {
              text: `Nobody holds the role ${role.replace('_', ' ')}.`,
              who: whoMay(facts, 'people:manage', null),
              href: '/people',
              subject: { type: 'role', id: role },
            },
          ],
    () => noProcesses(facts),
  );

const credentialGaps = (facts: Facts): CriterionGap[] =>
  facts.agents
    .filter(({ ownCredential }) => !ownCredential)
    .map((agent) => agentGap(facts, agent, 'has no credential of its own that works now.', 'credentials:manage', '/credentials'));

const moreThanHalf = (facts: Facts): Measured => {
  const n = facts.agents.length;
  const own = facts.agents.filter(({ ownCredential }) => ownCredential).length;
  const target = Math.floor(n / 2) + 1;
  const met = n > 0 && own >= target;
  return { met, value: own, target, n, unit: 'count', gaps: met ? [] : n === 0 ? [noAgents(facts)] : credentialGaps(facts) };
};

/** ownIdentity is met when every agent has a live secret of its own. */
export const ownIdentity = (facts: Facts): Measured =>
  everyOne(
    facts.agents,
    (agent) => credentialGaps({ ...facts, agents: [agent] }),
    () => noAgents(facts),
  );

const logged = (facts: Facts): Measured => {
  const { decisions } = facts.tallies;
  const gap: CriterionGap = {
    text: 'No decision is in the ledger yet: let an agent ask before it acts.',
    who: whoMay(facts, 'agents:register', null),
    href: '/ledger',
    subject: { type: facts.scope.type, id: facts.scope.type === 'organisation' ? 'organisation' : facts.scope.id },
  };
  return { met: decisions > 0, value: decisions, target: 1, n: decisions, unit: 'count', gaps: decisions > 0 ? [] : [gap] };
};

/** What Defined asks: owners, policies, inventory. */
export const defined: readonly Criterion[] = [
  {
    id: 'agents.described',
    stage: 2,
    scopes: everywhere,
    title: 'Every agent has a purpose, an owner and a sponsor',
    counts: 'Agents in service with a purpose, and an owner and a sponsor who are still here.',
    evidence: inventoryAt,
    read: described,
  },
  {
    id: 'policies.written',
    stage: 2,
    scopes: everywhere,
    title: 'Policies are written for every process',
    counts:
      'Processes with a policy in force for them or their agents that covers each action their agents may ask for; the baseline does not count.',
    evidence: at('/policy'),
    read: policies,
  },
  {
    id: 'processes.accountable',
    stage: 2,
    scopes: everywhere,
    title: 'Somebody answers for every process',
    counts: 'Processes whose owner, and whose Accountable of each of the eight stages, is still here.',
    evidence: at('/raci'),
    read: accountable,
  },
  {
    id: 'roles.held',
    stage: 2,
    scopes: ['organisation'],
    title: 'Every role is assigned',
    counts: 'Roles that at least one active person holds.',
    evidence: at('/people/roles'),
    read: held,
  },
  {
    id: 'identity.half',
    stage: 2,
    scopes: everywhere,
    title: 'More than half of the agents have their own identity',
    counts: 'Agents in service with a credential of their own that works now.',
    evidence: inventoryAt,
    read: moreThanHalf,
  },
  {
    id: 'decisions.logged',
    stage: 2,
    scopes: everywhere,
    title: 'Decisions are logged',
    counts: 'Decisions in the ledger in the last 90 days.',
    evidence: listAt('/ledger', {}, recordDays),
    read: logged,
  },
];
