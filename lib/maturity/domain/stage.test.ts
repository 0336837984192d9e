import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionSlug } from '@/lib/registry/schema';
import type { MaturityStage, Scope } from '../schema';
import { closers, completeAgent, closer, someFacts } from '../testdata/facts';
import { criteria, isRead } from './criteria';
import { narrow, noTallies, whoMay, type AllFacts } from './facts';
import { missingFor, readCriteria, scoreStage, workFrom, type Result } from './stage';

/** An organisation of one agent in one process that lacks nothing. */
const tallies = { ...noTallies, decisions: 100, reported: 100, decided: 10 };
const whole: AllFacts = {
  scope: { type: 'organisation' },
  now: new Date('2026-11-21T12:00:00Z'),
  people: [closer, { ...closer, id: 'usr_gus', personId: 'per_gus', name: 'Gus', active: false }],
  agents: [completeAgent('agt_invoices', 'prc_payables')],
  others: [{ ...completeAgent('agt_draft', 'prc_payables'), status: 'draft', sponsorId: null }],
  processes: [{ id: 'prc_payables', name: 'Payables', ownerId: closer.id, ownPolicies: 1 }],
  raciGaps: [],
  orphans: [],
  reviews: [{ id: 'rvi_1', subjectId: 'agt_invoices', processId: 'prc_payables', reviewerId: closer.id, open: false, late: false }],
  drills: [{ id: 'drl_1', reached: true, text: '' }],
  changes: [{ id: '7', name: 'Payments', day: '2026-11-20', late: [] }],
  tallies,
  ofProcess: new Map([['prc_payables', tallies]]),
  ofAgent: new Map([['agt_invoices', tallies]]),
};
const scopesOf = (facts: AllFacts): Scope[] => [
  { type: 'organisation' },
  ...facts.processes.map(({ id }): Scope => ({ type: 'process', id })),
  ...facts.agents.map(({ id }): Scope => ({ type: 'agent', id })),
];
const resultsOf = (facts: AllFacts, scope: Scope): Result[] => {
  const narrowed = narrow(facts, scope);
  if (!narrowed) throw new Error('no such scope');
  return readCriteria(narrowed);
};
const stageOf = (facts: AllFacts, scope: Scope = { type: 'organisation' }): MaturityStage => scoreStage(resultsOf(facts, scope));
const withAgent = (change: Partial<AllFacts['agents'][number]>): AllFacts => ({
  ...whole,
  agents: whole.agents.map((agent) => ({ ...agent, ...change })),
});
const withTallies = (change: Partial<typeof tallies>): AllFacts => ({
  ...whole,
  tallies: { ...tallies, ...change },
  ofProcess: new Map([['prc_payables', { ...tallies, ...change }]]),
});

describe('the table of criteria', () => {
  test('has every id once, and at every scope a criterion that is read for each stage', () => {
    expect(new Set(criteria.map(({ id }) => id)).size).toBe(criteria.length);
    for (const scope of ['organisation', 'process', 'agent'] as const)
      for (const stage of [2, 3, 4])
        expect(
          criteria.some((row) => row.stage === stage && row.scopes.includes(scope) && isRead(row)),
          `${scope} ${stage}`,
        ).toBe(true);
  });

  test('lists what this version has no sensor for, with why', () => {
    const sensors = criteria.flatMap((row) => (isRead(row) ? [] : [[row.id, row.why]]));
    expect(sensors.map(([id]) => id)).toEqual(['gateway.coverage', 'gate.ci', 'baselines.breakers', 'metrics.reported']);
    for (const [, why] of sensors) expect(why).toMatch(/yet/);
  });
});

describe('an organisation', () => {
  test('that lacks nothing is Embedded, and so are its process and its agent', () => {
    for (const scope of scopesOf(whole)) expect(stageOf(whole, scope)).toBe(4);
  });

  test.each<[string, AllFacts, MaturityStage, string]>([
    ['without an agent in service', { ...whole, agents: [] }, 1, 'agents.described'],
    ['without a process', { ...whole, processes: [] }, 1, 'policies.written'],
    ['whose agent has no purpose', withAgent({ purpose: ' ' }), 1, 'agents.described'],
    ['whose agent’s owner left', withAgent({ ownerId: 'usr_gus' }), 1, 'agents.described'],
    ['whose agent has no sponsor', withAgent({ sponsorId: null }), 1, 'agents.described'],
    [
      'in which the baseline alone covers an action',
      withAgent({ actions: [{ name: 'files.read', classified: true, coverage: 'baseline' }] }),
      1,
      'policies.written',
    ],
    [
      'whose process has no policy of its own',
      { ...whole, processes: whole.processes.map((p) => ({ ...p, ownPolicies: 0 })) },
      1,
      'policies.written',
    ],
    [
      'in which an Accountable left',
      {
        ...whole,
        raciGaps: [{ processId: 'prc_payables', agentId: null, code: 'ACCOUNTABLE_GONE', accountable: true, text: 'Gus left.' }],
      },
      1,
      'processes.accountable',
    ],
    ['in which nobody is an auditor', { ...whole, people: [{ ...closer, roles: ['admin', 'process_owner'] }] }, 1, 'roles.held'],
    ['whose agent has no credential of its own', withAgent({ ownCredential: false }), 1, 'identity.half'],
    ['of which no decision is known', withTallies({ decisions: 0 }), 1, 'decisions.logged'],
    ['with a shared credential', withAgent({ workloads: 2 }), 2, 'identity.unshared'],
    [
      'in whose matrix nobody does a work',
      {
        ...whole,
        raciGaps: [{ processId: 'prc_payables', agentId: null, code: 'NO_RESPONSIBLE', accountable: false, text: 'Nobody does it.' }],
      },
      2,
      'raci.complete',
    ],
    [
      'with an action nobody classified',
      withAgent({ actions: [{ name: 'files.read', classified: false, coverage: 'specific' }] }),
      2,
      'tiers.enforced',
    ],
    ['in which something of tier 3 went ahead unsigned', withTallies({ unsigned: 1 }), 2, 'tiers.enforced'],
    ['in which one of five hundred outcomes is missing', withTallies({ reported: 499, missing: 1 }), 2, 'audit.complete'],
    ['of which a tool was called past the gate', withTallies({ bypassed: 1 }), 2, 'audit.complete'],
    ['of which no outcome was due', withTallies({ reported: 0, missing: 0 }), 2, 'audit.complete'],
    ['in which one of five requests ran out', withTallies({ decided: 8, expired: 2 }), 2, 'approvals.sla'],
    ['in which nothing was ever asked', withTallies({ decided: 0, expired: 0 }), 2, 'approvals.sla'],
    [
      'with an orphan past its grace',
      { ...whole, orphans: [{ subjectType: 'agent', subjectId: 'agt_invoices', part: 'owner', graceOver: true }] },
      2,
      'orphans.none',
    ],
    ['whose agent nobody reviewed', withAgent({ reviewed: false }), 3, 'gate.reviewed'],
    ['without a review', { ...whole, reviews: [] }, 3, 'reviews.ontime'],
    [
      'with an overdue review',
      { ...whole, reviews: whole.reviews.map((item) => ({ ...item, open: true, late: true })) },
      3,
      'reviews.ontime',
    ],
    ['without a drill in the quarter', { ...whole, drills: [] }, 3, 'drill.quarter'],
    [
      'whose newest drill failed, whatever the one before showed',
      { ...whole, drills: [{ id: 'drl_2', reached: false, text: 'b:4000 stayed silent.' }, ...whole.drills] },
      3,
      'drill.quarter',
    ],
    ['of which no change of policy was measured', { ...whole, changes: [] }, 3, 'policy.propagation'],
    [
      'one of whose changes of policy did not reach a gateway in a minute',
      { ...whole, changes: [...whole.changes, { id: '6', name: 'Payments', day: '2026-11-01', late: ['b:4000'] }] },
      3,
      'policy.propagation',
    ],
  ])('%s stands at the stage below, and is told so', (_, facts, stage, criterion) => {
    const results = resultsOf(facts, { type: 'organisation' });
    expect(scoreStage(results)).toBe(stage);
    const missing = missingFor(results, stage).find((result) => result.criterion.id === criterion);
    expect(missing?.measured?.gaps.length).toBeGreaterThan(0);
    for (const gap of missing?.measured?.gaps ?? []) {
      expect(gap.text).toMatch(/\.$/);
      expect(gap.href).toMatch(/^\//);
      if (criterion !== 'roles.held') expect(gap.who, gap.text).toContain(closer.id);
    }
  });

  test.each<[string, AllFacts, string, string]>([
    [
      'an action that nobody classified to that action',
      withAgent({ actions: [{ name: 'files.read', classified: false, coverage: 'specific' }] }),
      'tiers.enforced',
      `/registry/actions/${actionSlug('files.read')}`,
    ],
    [
      'an action that no policy covers to the policies',
      withAgent({ actions: [{ name: 'files.read', classified: true, coverage: 'none' }] }),
      'tiers.enforced',
      '/policy',
    ],
    [
      'a drill that failed to that drill',
      { ...whole, drills: [{ id: 'drl_2', reached: false, text: 'b:4000 stayed silent.' }] },
      'drill.quarter',
      '/containment/drills/drl_2',
    ],
    ['no drill to where one is run', { ...whole, drills: [] }, 'drill.quarter', '/containment/drills'],
    ['requests that ran out to the matrix that names who may sign', withTallies({ decided: 8, expired: 2 }), 'approvals.sla', '/raci'],
  ])('leads from %s', (_, facts, criterion, href) => {
    const found = resultsOf(facts, { type: 'organisation' }).find((result) => result.criterion.id === criterion);
    expect(found?.measured?.gaps.map((gap) => gap.href)).toEqual([href]);
  });

  test.each<[string, AllFacts]>([
    [
      'a draft that lacks everything',
      { ...whole, others: [{ ...completeAgent('agt_new', 'prc_payables'), status: 'draft', purpose: '' }] },
    ],
    [
      'an orphan within its grace',
      { ...whole, orphans: [{ subjectType: 'agent', subjectId: 'agt_invoices', part: 'owner', graceOver: false }] },
    ],
    [
      'a drill that failed before the newest one passed',
      { ...whole, drills: [...whole.drills, { id: 'drl_0', reached: false, text: 'b:4000 stayed silent.' }] },
    ],
    ['one of two thousand outcomes missing', withTallies({ reported: 1_999, missing: 1 })],
    ['one of ten requests run out', withTallies({ decided: 9, expired: 1 })],
  ])('is not held back by %s', (_, facts) => {
    expect(stageOf(facts)).toBe(4);
  });
});

describe('a draft', () => {
  test('has a stage of its own', () => {
    expect(stageOf(whole, { type: 'agent', id: 'agt_draft' })).toBe(1);
  });
  test('that is none has none', () => {
    expect(narrow(whole, { type: 'agent', id: 'agt_none' })).toBeUndefined();
    expect(narrow(whole, { type: 'process', id: 'prc_none' })).toBeUndefined();
  });
});

describe('who can close a gap', () => {
  const owner = { ...closer, id: 'usr_owner', personId: 'per_owner', name: 'Olga', roles: ['process_owner'] as const };
  const other = { ...owner, id: 'usr_other', personId: 'per_other', name: 'Otto' };
  const facts = {
    ...whole,
    people: [closer, other, owner],
    processes: whole.processes.map((process) => ({ ...process, ownerId: owner.id })),
  };
  test('is whoever may, the owner of the process first, and no owner of another process', () => {
    expect(whoMay(facts, 'agents:activate', 'prc_payables')).toEqual([owner.id, closer.id]);
  });
  test('is not a reviewer who left, but who may name another', () => {
    const left = { ...closer, id: 'usr_gus', personId: 'per_gus', active: false };
    const reviews = whole.reviews.map((item) => ({ ...item, reviewerId: left.id, open: true, late: true }));
    const found = resultsOf({ ...whole, people: [closer, left], reviews }, { type: 'organisation' });
    expect(found.find(({ criterion }) => criterion.id === 'reviews.ontime')?.measured?.gaps.map(({ who }) => who)).toEqual([[closer.id]]);
  });
  test('is nobody who left', () => {
    expect(whoMay({ ...facts, people: [{ ...closer, active: false }] }, 'agents:activate', 'prc_payables')).toEqual([]);
  });
});

describe('a stage', () => {
  test('follows the kind of work that leads on from it', () => {
    expect(([1, 2, 3, 4] as const).map(workFrom)).toEqual(['organisational', 'technical', 'integration', null]);
  });

  test('of sensors alone is not reached', () => {
    expect(scoreStage([{ criterion: { stage: 2 }, measured: null }])).toBe(1);
    expect(scoreStage([])).toBe(1);
  });

  test('never falls when a criterion comes to hold, whatever the others say', () => {
    const someResults = fc.array(
      fc.record({
        criterion: fc.record({ stage: fc.constantFrom(2 as const, 3 as const, 4 as const) }),
        measured: fc.option(fc.record({ met: fc.boolean() })),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(someResults, fc.nat(), (results, at) => {
        const better = results.map((result, index) =>
          index === at % results.length && result.measured ? { ...result, measured: { met: true } } : result,
        );
        expect(scoreStage(better)).toBeGreaterThanOrEqual(scoreStage(results));
      }),
    );
  });

  test('never falls for anybody when any gap is closed', () => {
    fc.assert(
      fc.property(someFacts, fc.nat(), (facts, at) => {
        const gaps = scopesOf(facts).flatMap((scope) =>
          resultsOf(facts, scope).flatMap(({ criterion, measured }) => (measured?.gaps ?? []).map((gap) => ({ criterion, gap }))),
        );
        const chosen = gaps[at % Math.max(1, gaps.length)];
        if (!chosen) return;
        const close = closers[chosen.criterion.id];
        if (!close) throw new Error(`nobody knows how to close a gap of ${chosen.criterion.id}`);
        const after = close(facts, chosen.gap);
        for (const scope of scopesOf(facts)) expect(stageOf(after, scope)).toBeGreaterThanOrEqual(stageOf(facts, scope));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is the last one once every gap that is shown was closed, one after another', () => {
    const roundsMax = 200;
    fc.assert(
      fc.property(someFacts, (start) => {
        let facts = start;
        for (let round = 0; round < roundsMax && stageOf(facts) < 4; round++) {
          const missing = missingFor(resultsOf(facts, { type: 'organisation' }), stageOf(facts))[0];
          const gap = missing?.measured?.gaps[0];
          if (!missing || !gap) throw new Error('a stage is not reached and nothing is missing');
          facts = closers[missing.criterion.id]?.(facts, gap) ?? facts;
        }
        expect(stageOf(facts)).toBe(4);
      }),
      { numRuns: 300 },
    );
  });
});
