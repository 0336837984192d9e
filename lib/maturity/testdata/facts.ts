import fc from 'fast-check';
import { roles, type Role } from '@/lib/people/schema';
import type { CriterionGap } from '../domain/criteria';
import { noTallies, type AgentFacts, type AllFacts, type Person, type ProcessFacts, type Tallies } from '../domain/facts';

/** Somebody who may do everything, and closes gaps. */
export const closer: Person = { id: 'usr_closer', personId: 'per_closer', name: 'Clara', roles: [...roles], active: true };

const processIds = ['prc_1', 'prc_2', 'prc_3'] as const;
const userIds = ['usr_1', 'usr_2', 'usr_3', 'usr_gone'] as const;

const aPerson = (id: string): fc.Arbitrary<Person> =>
  fc.record({
    id: fc.constant(id),
    personId: fc.constant(id.replace('usr', 'per')),
    name: fc.constant(id),
    roles: fc.subarray<Role>([...roles], { minLength: 1 }),
    active: fc.constant(id !== 'usr_gone'),
  });

const anAgent = (id: string): fc.Arbitrary<AgentFacts> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    status: fc.constantFrom('active', 'suspended'),
    processId: fc.constantFrom(...processIds),
    purpose: fc.constantFrom('', 'Pays invoices'),
    ownerId: fc.constantFrom(...userIds),
    sponsorId: fc.option(fc.constantFrom(...userIds)),
    technicalOwnerId: fc.option(fc.constantFrom(...userIds)),
    reviewed: fc.boolean(),
    nextReviewOn: fc.constant(null),
    ownCredential: fc.boolean(),
    workloads: fc.constantFrom(0, 1, 3),
    actions: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('payments.execute', 'files.read', 'mail.send'),
        classified: fc.boolean(),
        coverage: fc.constantFrom('none', 'baseline', 'specific'),
      }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
  });

const someTallies: fc.Arbitrary<Tallies> = fc.record({
  decisions: fc.constantFrom(0, 1, 500),
  unsigned: fc.constantFrom(0, 0, 2),
  reported: fc.constantFrom(0, 10, 2_000),
  missing: fc.constantFrom(0, 1, 20),
  bypassed: fc.constantFrom(0, 0, 3),
  decided: fc.constantFrom(0, 10, 90),
  expired: fc.constantFrom(0, 1, 30),
});

const each = <Value>(ids: readonly string[], value: fc.Arbitrary<Value>): fc.Arbitrary<Map<string, Value>> =>
  fc.tuple(...ids.map(() => value)).map((values) => new Map(values.map((one, index) => [ids[index] ?? '', one])));

const agentIds = ['agt_1', 'agt_2', 'agt_3', 'agt_4'] as const;

/** someFacts are organisations of every kind, from empty ones to such that lack nothing. */
export const someFacts: fc.Arbitrary<AllFacts> = fc
  .record({
    people: fc.tuple(...userIds.map(aPerson)),
    agents: fc.tuple(...agentIds.map(anAgent)),
    agentCount: fc.integer({ min: 0, max: agentIds.length }),
    processes: fc.tuple(
      ...processIds.map((id): fc.Arbitrary<ProcessFacts> =>
        fc.record({
          id: fc.constant(id),
          name: fc.constant(id),
          ownerId: fc.constantFrom(...userIds),
          ownPolicies: fc.constantFrom(0, 1),
        }),
      ),
    ),
    processCount: fc.integer({ min: 0, max: processIds.length }),
    raciGaps: fc.array(
      fc.record({
        processId: fc.constantFrom(...processIds),
        agentId: fc.option(fc.constantFrom(...agentIds)),
        code: fc.constant('GAP'),
        accountable: fc.boolean(),
        text: fc.constantFrom('Nobody does this work.', 'Gus is no longer here.'),
      }),
      { maxLength: 3 },
    ),
    orphans: fc.array(
      fc.record({
        subjectType: fc.constant('agent' as const),
        subjectId: fc.constantFrom(...agentIds),
        part: fc.constant('owner'),
        graceOver: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    reviews: fc.array(
      fc.record({
        id: fc.uuid(),
        subjectId: fc.constantFrom(...agentIds),
        processId: fc.option(fc.constantFrom(...processIds)),
        reviewerId: fc.option(fc.constantFrom(...userIds)),
        open: fc.boolean(),
        late: fc.boolean(),
      }),
      { maxLength: 30 },
    ),
    drills: fc.array(fc.record({ id: fc.uuid(), reached: fc.boolean(), text: fc.constant('b:4000 stayed silent.') }), { maxLength: 2 }),
    changes: fc.array(
      fc.record({
        id: fc.uuid(),
        name: fc.constant('Payments'),
        day: fc.constant('2026-11-20'),
        late: fc.subarray(['a:4000', 'b:4000']),
      }),
      { maxLength: 3 },
    ),
    tallies: someTallies,
    ofProcess: each(processIds, someTallies),
    ofAgent: each(agentIds, someTallies),
  })
  .map(({ agentCount, processCount, agents, processes, people, ...facts }): AllFacts => {
    const kept = processes.slice(0, processCount);
    return {
      ...facts,
      scope: { type: 'organisation' },
      now: new Date('2026-11-21T12:00:00Z'),
      people: [...people, closer],
      agents: agents.slice(0, agentCount).filter(({ processId }) => kept.some(({ id }) => id === processId)),
      others: [],
      processes: kept,
    };
  });

/** completeAgent is an agent that lacks nothing. */
export const completeAgent = (id: string, processId: string): AgentFacts => ({
  id,
  name: id,
  status: 'active',
  processId,
  purpose: 'Pays invoices',
  ownerId: closer.id,
  sponsorId: closer.id,
  technicalOwnerId: closer.id,
  reviewed: true,
  nextReviewOn: null,
  ownCredential: true,
  workloads: 1,
  actions: [{ name: 'payments.execute', classified: true, coverage: 'specific' }],
});

type Close = (facts: AllFacts, gap: CriterionGap) => AllFacts;

const onAgents = (facts: AllFacts, { subject }: CriterionGap, change: (agent: AgentFacts) => Partial<AgentFacts>): AllFacts => {
  if (subject.type === 'agent' && facts.agents.some(({ id }) => id === subject.id))
    return { ...facts, agents: facts.agents.map((agent) => (agent.id === subject.id ? { ...agent, ...change(agent) } : agent)) };
  const processId = subject.type === 'process' ? subject.id : (facts.processes[0]?.id ?? 'prc_new');
  return { ...withProcess(facts, processId), agents: [...facts.agents, completeAgent(`agt_new_${facts.agents.length}`, processId)] };
};
const onProcess = (facts: AllFacts, { subject }: CriterionGap, change: (process: ProcessFacts) => Partial<ProcessFacts>): AllFacts =>
  subject.type === 'process'
    ? {
        ...facts,
        processes: facts.processes.map((process) => (process.id === subject.id ? { ...process, ...change(process) } : process)),
      }
    : withProcess(facts, 'prc_new');
const withProcess = (facts: AllFacts, id: string): AllFacts =>
  facts.processes.some((process) => process.id === id)
    ? facts
    : { ...facts, processes: [...facts.processes, { id, name: id, ownerId: closer.id, ownPolicies: 1 }] };

const retally = (facts: AllFacts, change: (tallies: Tallies) => Partial<Tallies>): AllFacts => {
  const changed = (tallies: Tallies): Tallies => ({ ...tallies, ...change(tallies) });
  const known = (ids: readonly string[], map: ReadonlyMap<string, Tallies>) =>
    new Map(ids.map((id) => [id, changed(map.get(id) ?? noTallies)]));
  return {
    ...facts,
    tallies: changed(facts.tallies),
    ofProcess: known(
      facts.processes.map(({ id }) => id),
      facts.ofProcess,
    ),
    ofAgent: known(
      facts.agents.map(({ id }) => id),
      facts.ofAgent,
    ),
  };
};

/** What a person does about a gap of each criterion, as the records show it afterwards. */
export const closers: Record<string, Close> = {
  'agents.described': (facts, gap) =>
    onAgents(facts, gap, () =>
      /purpose/.test(gap.text) ? { purpose: 'Said' } : /sponsor/.test(gap.text) ? { sponsorId: closer.id } : { ownerId: closer.id },
    ),
  'policies.written': (facts, gap) => {
    const covered = onProcess(facts, gap, ({ ownPolicies }) => ({ ownPolicies: ownPolicies + 1 }));
    const specific = (agent: AgentFacts): AgentFacts => ({
      ...agent,
      actions: agent.actions.map((action) => ({ ...action, coverage: 'specific' })),
    });
    return { ...covered, agents: covered.agents.map((agent) => (agent.processId === gap.subject.id ? specific(agent) : agent)) };
  },
  'processes.accountable': (facts, gap) =>
    /owner/.test(gap.text)
      ? onProcess(facts, gap, () => ({ ownerId: closer.id }))
      : {
          ...onProcess(facts, gap, () => ({})),
          raciGaps: facts.raciGaps.filter(({ processId, accountable }) => processId !== gap.subject.id || !accountable),
        },
  'roles.held': (facts, gap) =>
    gap.subject.type === 'role' ? { ...facts, people: [...facts.people, closer] } : withProcess(facts, 'prc_new'),
  'identity.half': (facts, gap) => onAgents(facts, gap, () => ({ ownCredential: true })),
  'identity.all': (facts, gap) => onAgents(facts, gap, () => ({ ownCredential: true })),
  'identity.unshared': (facts, gap) => onAgents(facts, gap, () => ({ ownCredential: true, workloads: 1 })),
  'decisions.logged': (facts) => retally(facts, ({ decisions }) => ({ decisions: decisions + 1 })),
  'raci.complete': (facts, gap) =>
    gap.subject.type === 'process'
      ? { ...facts, raciGaps: facts.raciGaps.filter(({ processId, text }) => processId !== gap.subject.id || !gap.text.includes(text)) }
      : withProcess(facts, 'prc_new'),
  'tiers.enforced': (facts, gap) =>
    /without an approval/.test(gap.text)
      ? retally(facts, () => ({ unsigned: 0 }))
      : onAgents(facts, gap, ({ actions }) =>
          actions.length === 0
            ? { actions: [{ name: 'files.read', classified: true, coverage: 'specific' }] }
            : {
                actions: actions.map((action) => ({
                  ...action,
                  classified: true,
                  coverage: action.coverage === 'none' ? 'baseline' : action.coverage,
                })),
              },
        ),
  'audit.complete': (facts) => retally(facts, ({ reported, missing }) => ({ reported: reported + missing + 1, missing: 0, bypassed: 0 })),
  'approvals.sla': (facts) => retally(facts, ({ decided, expired }) => ({ decided: decided + 10 * expired + 1 })),
  'orphans.none': (facts, gap) =>
    gap.subject.type === 'agent' && gap.href === '/succession'
      ? { ...facts, orphans: facts.orphans.filter(({ subjectId }) => subjectId !== gap.subject.id) }
      : onAgents(facts, gap, () => ({})),
  'gate.reviewed': (facts, gap) => onAgents(facts, gap, () => ({ reviewed: true })),
  'drill.quarter': (facts) => ({ ...facts, drills: [{ id: `drl_${facts.drills.length}`, reached: true, text: '' }, ...facts.drills] }),
  'policy.propagation': (facts, gap) => ({
    ...facts,
    // What was late has its time, and then counts no more.
    changes: [
      { id: `next ${facts.changes.length}`, name: 'Payments', day: '2026-11-21', late: [] },
      ...facts.changes.filter(({ id }) => id !== gap.subject.id),
    ],
  }),
  'reviews.ontime': (facts, gap) =>
    gap.subject.type === 'review'
      ? { ...facts, reviews: facts.reviews.map((review) => (review.id === gap.subject.id ? { ...review, open: false } : review)) }
      : {
          ...facts,
          reviews: [
            ...facts.reviews,
            // Those to come are on time, until they outweigh the late ones.
            ...facts.agents.flatMap(({ id, processId }) =>
              Array.from({ length: 700 }, (_, index) => ({
                id: `${id} ${index}`,
                subjectId: id,
                processId,
                reviewerId: null,
                open: false,
                late: false,
              })),
            ),
          ],
        },
};
