import { actionSlug } from '@/lib/registry/schema';
import { recordDays, whoMay, type AgentFacts, type Facts } from '../facts';
import { at, everyOne, inventoryAt, listAt, shareOf, type Criterion, type CriterionGap, type Measured } from './criterion';
import { aboveAgents, agentGap, everywhere, noAgents, ownIdentity, processGap } from './defined';

export const completenessTarget = 0.999;
export const slaTarget = 0.9;

const scopeGap = (facts: Facts, text: string, who: readonly string[], href: string): CriterionGap => ({
  text,
  who,
  href,
  subject: { type: facts.scope.type, id: facts.scope.type === 'organisation' ? 'organisation' : facts.scope.id },
});

const scopeProcess = ({ scope, agents }: Facts): string | null =>
  scope.type === 'process' ? scope.id : scope.type === 'agent' ? (agents[0]?.processId ?? null) : null;

/** notShared is met when no agent's own secret was used from more than one place. */
export const notShared = (facts: Facts): Measured =>
  everyOne(
    facts.agents,
    (agent) =>
      agent.workloads > 1
        ? [agentGap(facts, agent, `shares its credential: ${agent.workloads} workloads use it.`, 'credentials:manage', '/credentials')]
        : agent.ownCredential
          ? []
          : [agentGap(facts, agent, 'has no credential of its own.', 'credentials:manage', '/credentials')],
    () => noAgents(facts),
  );

export const raciWhole = (facts: Facts): Measured =>
  everyOne(
    facts.processes,
    (process) =>
      facts.raciGaps
        .filter(({ processId }) => processId === process.id)
        .map(({ text, agentId }) =>
          processGap(facts, process, `· ${text}`, 'raci:manage', `/raci/${process.id}${agentId === null ? '' : '/agents'}`),
        ),
    () => scopeGap(facts, 'There is no process yet.', whoMay(facts, 'processes:manage', null), '/raci/new'),
  );

/** tierGaps is why the tiers of an agent do not bind: actions nobody classified, or that no policy covers. */
function tierGaps(facts: Facts, agent: AgentFacts): CriterionGap[] {
  if (agent.actions.length === 0)
    return [agentGap(facts, agent, 'may not ask for anything, so it has no tiers.', 'agents:activate', '/permissions')];
  const unclassified = (name: string) => agentGap(facts, agent, `may ask for ${name}, which nobody classified.`, 'actions:classify');
  const uncovered = (name: string) => agentGap(facts, agent, `may ask for ${name}, which no policy covers.`, 'policy:edit');
  return agent.actions.flatMap(({ name, classified, coverage }) => [
    ...(classified ? [] : [{ ...unclassified(name), href: `/registry/actions/${actionSlug(name)}` }]),
    ...(coverage === 'none' ? [{ ...uncovered(name), href: '/policy' }] : []),
  ]);
}

export const tiersBind = (facts: Facts): Measured => {
  const found = everyOne(
    facts.agents,
    (agent) => tierGaps(facts, agent),
    () => noAgents(facts),
  );
  const { unsigned } = facts.tallies;
  if (unsigned === 0) return found;
  const text = `${unsigned} ${unsigned === 1 ? 'action of tier 3 or 4 was' : 'actions of tier 3 or 4 were'} allowed without an approval in 90 days.`;
  const gap = scopeGap(
    facts,
    text,
    whoMay(facts, 'policy:edit', null),
    listAt('/ledger', { verdict: 'allow', tier: '3', signature: 'without' }, recordDays)(facts),
  );
  return { ...found, met: false, gaps: [...found.gaps, gap] };
};

export const auditWhole = (facts: Facts): Measured => {
  const { reported, missing, bypassed } = facts.tallies;
  const technical = facts.agents.flatMap(({ technicalOwnerId }) => technicalOwnerId ?? []);
  const engineers = [...new Set([...technical, ...whoMay(facts, 'agents:register', null)])];
  const outcomes = listAt('/outcomes', { range: 'month' })(facts);
  const lost = `${missing} allowed ${missing === 1 ? 'action has' : 'actions have'} no outcome. Whoever runs the agent makes it report.`;
  const past = `Tools reported calls past the gate ${bypassed === 1 ? 'once' : `${bypassed} times`} in 30 days.`;
  return shareOf(reported, reported + missing + bypassed, completenessTarget, [
    ...(reported + missing + bypassed === 0
      ? [scopeGap(facts, 'No outcome was due in 30 days, so nobody can tell.', engineers, outcomes)]
      : []),
    ...(missing > 0 ? [scopeGap(facts, lost, engineers, outcomes)] : []),
    ...(bypassed > 0 ? [scopeGap(facts, past, whoMay(facts, 'findings:manage', null), '/findings?detector=receiptless_call')] : []),
  ]);
};

const slaMet = (facts: Facts): Measured => {
  const { decided, expired } = facts.tallies;
  const n = decided + expired;
  const text =
    n === 0
      ? 'No request for approval came to its end in 90 days, so nobody can tell.'
      : `${expired} of ${n} requests ran out before anybody decided in 90 days. Name more people who may sign.`;
  const process = scopeProcess(facts);
  return shareOf(decided, n, slaTarget, [
    scopeGap(facts, text, whoMay(facts, 'raci:manage', process), process === null ? '/raci' : `/raci/${process}`),
  ]);
};

/** noOrphans is met when nothing stands without a person for longer than it may. */
export const noOrphans = (facts: Facts): Measured => {
  const units = [
    ...facts.agents.map(({ id, name, processId }) => ({ type: 'agent', id, name, processId })),
    ...(facts.scope.type === 'agent' ? [] : facts.processes.map(({ id, name }) => ({ type: 'process', id, name, processId: id }))),
  ];
  return everyOne(
    units,
    ({ type, id, name, processId }) =>
      facts.orphans
        .filter((orphan) => orphan.subjectType === type && orphan.subjectId === id && orphan.graceOver)
        .map(({ part }) => ({
          text: `${name} has had no ${part.replaceAll('_', ' ')} for longer than it may.`,
          who: whoMay(facts, 'agents:reassign', processId),
          href: '/succession',
          subject: { type, id },
        })),
    () => noAgents(facts),
  );
};

/** What Managed asks: identity, gateway, audit. */
export const managed: readonly Criterion[] = [
  {
    id: 'identity.all',
    stage: 3,
    scopes: everywhere,
    title: 'All agents have their own identity',
    counts: 'Agents in service with a credential of their own that works now.',
    evidence: inventoryAt,
    read: ownIdentity,
  },
  {
    id: 'identity.unshared',
    stage: 3,
    scopes: everywhere,
    title: 'No credential is shared',
    counts: 'Agents in service whose own credential was used from one workload only in the last 7 days.',
    evidence: at('/findings?detector=credential_shared'),
    read: notShared,
  },
  {
    id: 'raci.complete',
    stage: 3,
    scopes: everywhere,
    title: 'RACI is complete',
    counts: 'Processes with nothing missing in their matrix and its exceptions.',
    evidence: at('/raci'),
    read: raciWhole,
  },
  {
    id: 'gateway.coverage',
    stage: 3,
    scopes: everywhere,
    title: 'All actions of active agents pass the gateway',
    counts: 'Actions in the agents’ own traces that the ledger knows.',
    evidence: listAt('/ledger', {}, recordDays),
    sensor: 'to come',
    why: 'Agents’ own traces are not read yet, so nothing can be compared with the ledger.',
  },
  {
    id: 'tiers.enforced',
    stage: 3,
    scopes: everywhere,
    title: 'Tiers are enforced',
    counts:
      'Agents in service whose every action is classified and covered by policy, while no action of tier 3 or 4 went ahead without an approval in the last 90 days.',
    evidence: at('/registry/actions'),
    read: tiersBind,
  },
  {
    id: 'audit.complete',
    stage: 3,
    scopes: everywhere,
    title: 'The audit is complete',
    counts:
      'Allowed actions of the last 30 days with an outcome, of those that were due or reported, and of what tools report to have come past the gate.',
    evidence: listAt('/outcomes', { range: 'month' }),
    read: auditWhole,
  },
  {
    id: 'approvals.sla',
    stage: 3,
    scopes: aboveAgents,
    title: 'Approvals are decided in time',
    counts:
      'Requests of the last 90 days that a person decided before their deadline, of those that came to an end; every request has one.',
    evidence: listAt('/approvals', { tab: 'decided' }, recordDays),
    read: slaMet,
  },
  {
    id: 'orphans.none',
    stage: 3,
    scopes: everywhere,
    title: 'Nothing is without its person for longer than it may',
    counts: 'Agents and processes that are no orphan past its grace.',
    evidence: at('/succession'),
    read: noOrphans,
  },
];
