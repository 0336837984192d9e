import { describe, expect, test } from 'vitest';
import { breakerAction, breakerKey, breakerRulesOf, countsAs, openBreakerOf, openingOf, probeCharge } from './breakers';
import { decide, type Learnt, type OpenBreaker, type Principal, type Rules } from './decide';
import { canonicalAction } from './digest';
import { standingOf } from './standing';
import { CheckRequest, gateReasons, type DecisionReason } from '../schema';
import { undeclaredActions } from '@/lib/containment/schema';
import { compileActionType, compilePolicies } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { actionTypes } from '@/prisma/seed/sample';

const rates = baselineRates();
const types = actionTypes.map((type) => compileActionType({ ...type, version: 1, status: 'approved' }));
const never = new Date('2030-01-01T00:00:00Z');
const rules: Rules = {
  epoch: 7,
  agents: new Map([
    [
      'agt_a',
      {
        id: 'agt_a',
        processId: 'prc_p',
        ownerId: 'usr_o',
        status: 'active',
        autonomyFloor: 1,
        accountable: { execution: 'usr_o', escalation: 'usr_o' },
        permissions: new Set(['invoices.read', 'payments.schedule', 'nothing.known']),
      },
    ],
  ]),
  actions: new Map(types.map((type) => [type.name, { systemId: 'sys_erp', type }])),
  credentials: new Map([['crd_a', { id: 'crd_a', agentId: 'agt_a', secretHash: Buffer.alloc(32), expiresAt: never, revokedAt: null }]]),
  policies: compilePolicies(baselinePolicies(), rates),
  rates,
  kills: { organisation: false, process: new Set(), agent: new Set(), action_type: new Set(), system: new Set() },
  breakers: new Map(),
  authorisations: new Map(),
};
const principal: Principal = {
  agent: 'agt_a',
  credential: 'crd_a',
  workflow: 'wfl_w',
  task: undefined,
  scope: new Set(['invoices.read', 'payments.schedule']),
};
const nothing: Learnt = {
  workflowHalted: false,
  approvalRefused: undefined,
  approvalPending: false,
  effectAmbiguous: false,
  spentProbes: new Set(),
};
const now = new Date('2026-12-01T10:00:00Z');
const approval = { id: `apr_${'0'.repeat(26)}` };
const ask = (name: string, args: Record<string, unknown> = { invoice: 'INV-1' }, more: Record<string, unknown> = {}): CheckRequest =>
  CheckRequest.parse({ action: { name }, context: { arguments: args, supported_obligations: ['report_outcome'], ...more } });
const pay = (amount: string, more?: Record<string, unknown>): CheckRequest =>
  ask('payments.schedule', { invoice: 'INV-1', vendor: 'V-1', amount, currency: 'USD' }, more);
const killed = (change: Partial<Rules['kills']>): Rules => ({ ...rules, kills: { ...rules.kills, ...change } });
const withAgent = (change: object): Rules => {
  const agent = rules.agents.get('agt_a');
  return { ...rules, agents: new Map(agent ? [['agt_a', { ...agent, ...change }]] : []) };
};
const revoked: Rules = {
  ...rules,
  credentials: new Map([
    ['crd_a', { id: 'crd_a', agentId: 'agt_a', secretHash: Buffer.alloc(32), expiresAt: never, revokedAt: new Date(0) }],
  ]),
};

describe('the refusals, each before those below it', () => {
  const halted: Learnt = { ...nothing, workflowHalted: true };
  const everything = killed({ organisation: true });
  const table: [string, Rules, Principal, CheckRequest, Learnt, string, string][] = [
    ['an agent nobody knows', { ...rules, agents: new Map() }, principal, ask('x.y'), halted, 'deny', 'AGENT_SUSPENDED'],
    [
      'a suspended agent, though killed too',
      { ...withAgent({ status: 'suspended' }), kills: everything.kills },
      principal,
      ask('x.y'),
      halted,
      'deny',
      'AGENT_SUSPENDED',
    ],
    [
      'an agent that was never activated',
      withAgent({ status: 'approved' }),
      principal,
      ask('invoices.read'),
      nothing,
      'deny',
      'AGENT_SUSPENDED',
    ],
    [
      'a credential revoked after the door let it in',
      { ...revoked, kills: everything.kills },
      principal,
      ask('invoices.read'),
      halted,
      'deny',
      'CREDENTIAL_REVOKED',
    ],
    [
      'a credential nobody knows',
      { ...rules, credentials: new Map() },
      principal,
      ask('invoices.read'),
      nothing,
      'deny',
      'CREDENTIAL_REVOKED',
    ],
    ['everything killed', everything, principal, ask('x.y'), halted, 'deny', 'KILLED'],
    ['its process killed', killed({ process: new Set(['prc_p']) }), principal, ask('invoices.read'), nothing, 'deny', 'KILLED'],
    ['itself killed', killed({ agent: new Set(['agt_a']) }), principal, ask('invoices.read'), nothing, 'deny', 'KILLED'],
    [
      'the action type killed',
      killed({ action_type: new Set(['invoices.read']) }),
      principal,
      ask('invoices.read'),
      nothing,
      'deny',
      'KILLED',
    ],
    ['the system killed', killed({ system: new Set(['sys_erp']) }), principal, ask('invoices.read'), nothing, 'deny', 'KILLED'],
    ['a halted workflow', rules, principal, ask('invoices.read'), halted, 'halt', 'WORKFLOW_HALTED'],
    ['a tool nobody registered', rules, principal, ask('x.y'), nothing, 'halt', 'ACTION_UNCLASSIFIED'],
    ['a permitted tool nobody classified', rules, principal, ask('nothing.known'), nothing, 'halt', 'ACTION_UNCLASSIFIED'],
    [
      'an action without permission',
      withAgent({ permissions: new Set() }),
      principal,
      ask('invoices.read'),
      nothing,
      'halt',
      'OUT_OF_SCOPE',
    ],
    ['an action the token is not for', rules, { ...principal, scope: new Set() }, ask('invoices.read'), nothing, 'deny', 'NOT_IN_GRANT'],
    ['arguments that do not fit', rules, principal, ask('invoices.read', {}), nothing, 'deny', 'ARGUMENTS_INVALID'],
    [
      'an approval found used',
      rules,
      principal,
      pay('60000', { approval }),
      { ...nothing, approvalRefused: 'APPROVAL_USED' },
      'deny',
      'APPROVAL_USED',
    ],
    [
      'an approval found used, of what is allowed alone',
      rules,
      principal,
      pay('1', { approval }),
      { ...nothing, approvalRefused: 'APPROVAL_USED' },
      'deny',
      'APPROVAL_USED',
    ],
  ];
  test.each(table)('%s', (_name, given, who, request, learnt, verdict, code) => {
    const draft = decide(given, who, request, learnt, now);
    expect(draft).toMatchObject({ verdict, usesApproval: false });
    expect(draft.reasons[0]?.code).toBe(code);
  });
});

describe('what goes ahead', () => {
  test.each([
    ['a read', ask('invoices.read'), nothing, { verdict: 'allow', tier: 1, usesApproval: false }],
    ['a small payment', pay('499'), nothing, { verdict: 'allow', tier: 1 }],
    ['a supervised payment, with its window', pay('500'), nothing, { verdict: 'allow_reversible', tier: 2 }],
    ['a large payment on an offered approval', pay('60000', { approval }), nothing, { verdict: 'allow', tier: 3, usesApproval: true }],
  ] as const)('%s', (_name, request, learnt, expected) => {
    expect(decide(rules, principal, request, learnt, now)).toMatchObject({ ...expected, refuseWhenHalted: true, haltsWorkflow: false });
  });

  test.each([
    ['a large payment without an approval', pay('60000'), nothing],
    ['a large payment whose approval still waits', pay('60000', { approval }), { ...nothing, approvalPending: true }],
  ] as const)('but not %s', (_name, request, learnt) => {
    expect(decide(rules, principal, request, learnt, now)).toMatchObject({ verdict: 'approval_required', tier: 3, usesApproval: false });
  });

  test('and no approval beats Tier 4', () => {
    expect(decide(rules, principal, pay('250000', { approval }), nothing, now)).toMatchObject({
      verdict: 'halt',
      tier: 4,
      usesApproval: false,
      haltsWorkflow: true,
    });
  });
});

describe('Tier 4 that two people let happen once', () => {
  const large = pay('250000', { approval });
  /** Rules in which two people let this agent do exactly this. */
  const letting = (request: CheckRequest, agent = 'agt_a', base = rules): Rules => {
    const version = base.actions.get(request.action.name)?.type.version ?? null;
    const { digest } = canonicalAction('agt_a', request, version);
    return { ...base, authorisations: new Map([[agent, new Map([[approval.id, digest.toString('hex')]])]]) };
  };
  const halts = { verdict: 'halt', tier: 4, usesApproval: false, haltsWorkflow: true };

  test('goes ahead on its approval, and says still why it is Tier 4', () => {
    const draft = decide(letting(large), principal, large, nothing, now);
    expect(draft).toMatchObject({ verdict: 'allow', tier: 4, usesApproval: true, haltsWorkflow: false, refuseWhenHalted: true });
    expect(draft.reasons).toEqual(decide(rules, principal, pay('250000'), nothing, now).reasons);
    expect(draft.slaSeconds).toBeUndefined();
  });

  const out = ask('nothing.known', {}, { approval });
  test.each<[string, Rules, CheckRequest, Learnt]>([
    ['without the approval', letting(large), pay('250000'), nothing],
    ['on another approval', letting(large), pay('250000', { approval: { id: `apr_${'1'.repeat(26)}` } }), nothing],
    ['for another amount', letting(large), pay('250001', { approval }), nothing],
    ['for somebody else', letting(large), pay('250000', { approval, on_behalf_of: 'ana@example.com' }), nothing],
    ['by another agent', letting(large, 'agt_b'), large, nothing],
    ['while its approval is found to wait', letting(large), large, { ...nothing, approvalPending: true }],
    ['when nobody classified the action', letting(out), out, nothing],
    ['when it is not the agent’s', letting(large, 'agt_a', withAgent({ permissions: new Set(['invoices.read']) })), large, nothing],
  ])('but halts %s', (_name, given, request, learnt) => {
    expect(decide(given, principal, request, learnt, now)).toMatchObject(halts);
  });

  test.each(['APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_CANCELLED', 'APPROVAL_MISMATCH', 'APPROVAL_UNKNOWN'] as const)(
    'halts as ever when the commit finds it wanting: %s, said first',
    (code) => {
      const draft = decide(letting(large), principal, large, { ...nothing, approvalRefused: code }, now);
      expect(draft).toMatchObject(halts);
      expect(draft.reasons[0]).toEqual({ code, tier: null, text: gateReasons[code] });
      expect(draft.reasons.length).toBeGreaterThan(1);
    },
  );

  test.each<[string, Rules, Principal, Learnt, string, string]>([
    ['a kill', killed({ agent: new Set(['agt_a']) }), principal, nothing, 'deny', 'KILLED'],
    ['a suspension', withAgent({ status: 'suspended' }), principal, nothing, 'deny', 'AGENT_SUSPENDED'],
    ['a revoked credential', revoked, principal, nothing, 'deny', 'CREDENTIAL_REVOKED'],
    ['a halt of its workflow', rules, principal, { ...nothing, workflowHalted: true }, 'halt', 'WORKFLOW_HALTED'],
    ['a token not issued for it', rules, { ...principal, scope: new Set(['invoices.read']) }, nothing, 'deny', 'NOT_IN_GRANT'],
    ['an ambiguous outcome of the same', rules, principal, { ...nothing, effectAmbiguous: true }, 'deny', 'EFFECT_AMBIGUOUS'],
  ])('is stopped by %s', (_name, given, who, learnt, verdict, code) => {
    const draft = decide(letting(large, 'agt_a', given), who, large, learnt, now);
    expect([draft.verdict, draft.reasons[0]?.code, draft.usesApproval]).toEqual([verdict, code, false]);
  });
});

describe('an open circuit breaker', () => {
  const probeAt = new Date('2026-12-01T10:05:00Z');
  const breaker: OpenBreaker = {
    cause: 'errors',
    facts: {
      observed: '13',
      threshold: '50',
      of: 20,
      windowSeconds: 300,
      policy: { id: 'pol_strict', version: 4 },
      pauseSeconds: 60,
    },
    openedAt: new Date('2026-12-01T09:59:00.250Z'),
    probeAt,
    probes: 3,
    counter: 'c0ffee',
  };
  const tripped = (action: string, more: Partial<OpenBreaker> = {}): Rules => ({
    ...rules,
    breakers: new Map([[breakerKey('agt_a', action), { ...breaker, ...more }]]),
  });
  const spent: Learnt = { ...nothing, spentProbes: new Set(['c0ffee']) };
  const halted: Learnt = { ...nothing, workflowHalted: true };
  const codeAt = (given: Rules, request: CheckRequest, learnt = nothing, at = now, who = principal) =>
    decide(given, who, request, learnt, at).reasons[0]?.code;

  test('refuses with what was seen, what was allowed, by which policy, and when it tries again', () => {
    const draft = decide(tripped('payments.schedule'), principal, pay('499'), nothing, now);
    expect(draft).toMatchObject({ verdict: 'deny', tier: null, haltsWorkflow: false, refuseWhenHalted: false, usesApproval: false });
    expect(draft.reasons).toEqual([
      {
        code: 'CIRCUIT_OPEN',
        cause: 'errors',
        observed: '13 of 20 outcomes did not succeed',
        threshold: '50 % within 5 minutes',
        tier: null,
        policy: 'pol_strict',
        version: 4,
        retry_at: '2026-12-01T10:05:00.000Z',
        text: 'The circuit breaker of this agent for this action is open: 13 of 20 outcomes did not succeed. It tries again at 2026-12-01T10:05:00.000Z.',
      },
    ]);
  });

  test.each<[string, string | undefined, string | undefined]>([
    [
      'a millisecond before it tries again',
      codeAt(tripped('payments.schedule'), pay('1'), nothing, new Date(probeAt.getTime() - 1)),
      'CIRCUIT_OPEN',
    ],
    ['what was approved', codeAt(tripped('payments.schedule'), pay('60000', { approval })), 'CIRCUIT_OPEN'],
    ['before a halted workflow', codeAt(tripped('payments.schedule'), pay('1'), halted), 'CIRCUIT_OPEN'],
    [
      'before what is out of scope',
      codeAt({ ...tripped('payments.schedule'), agents: withAgent({ permissions: new Set() }).agents }, pay('1')),
      'CIRCUIT_OPEN',
    ],
    ['whatever nobody registered', codeAt(tripped(undeclaredActions), ask('made.up')), 'CIRCUIT_OPEN'],
    ['half-open with its probes used up', codeAt(tripped('payments.schedule'), pay('1'), spent, probeAt), 'CIRCUIT_OPEN'],
    ['after a kill', codeAt({ ...tripped('payments.schedule'), kills: killed({ organisation: true }).kills }, pay('1')), 'KILLED'],
    [
      'after a suspension',
      codeAt({ ...tripped('payments.schedule'), agents: withAgent({ status: 'suspended' }).agents }, pay('1')),
      'AGENT_SUSPENDED',
    ],
  ])('holds back %s', (_name, code, expected) => expect(code).toBe(expected));

  test.each<[string, Rules, CheckRequest, Learnt, string]>([
    ['another action of the agent', tripped('payments.schedule'), ask('invoices.read'), nothing, 'allow'],
    [
      'another agent’s action',
      { ...rules, breakers: new Map([[breakerKey('agt_b', 'invoices.read'), breaker]]) },
      ask('invoices.read'),
      nothing,
      'allow',
    ],
    ['a registered action, for what nobody registered', tripped(undeclaredActions), ask('invoices.read'), nothing, 'allow'],
    ['an action once it is half-open', tripped('payments.schedule', { probeAt: now }), pay('1'), nothing, 'allow'],
    [
      'an action though another breaker’s probes are used up',
      tripped('payments.schedule', { probeAt: now, counter: 'beef' }),
      pay('1'),
      spent,
      'allow',
    ],
  ])('does not hold back %s', (_name, given, request, learnt, verdict) => {
    expect(decide(given, principal, request, learnt, now).verdict).toBe(verdict);
  });

  test.each<[string, CheckRequest, Learnt, string, Principal?]>([
    ['a halted workflow', pay('1'), halted, 'WORKFLOW_HALTED'],
    ['a token that is not for it', pay('1'), nothing, 'NOT_IN_GRANT', { ...principal, scope: new Set() }],
    ['arguments that do not fit', ask('payments.schedule', {}), nothing, 'ARGUMENTS_INVALID'],
    ['Tier 4', pay('250000'), nothing, 'MONEY_TIER_4'],
    ['Tier 3', pay('60000'), nothing, 'MONEY_TIER_3'],
    ['an approval found used', pay('60000', { approval }), { ...nothing, approvalRefused: 'APPROVAL_USED' }, 'APPROVAL_USED'],
  ])('half-open lets no probe past %s', (_name, request, learnt, code, who) => {
    expect(codeAt(tripped('payments.schedule', { probeAt: now }), request, learnt, now, who)).toBe(code);
  });

  test('half-open, with its probes used up, says what it waits for and names no time', () => {
    const [reason] = decide(tripped('payments.schedule'), principal, pay('1'), spent, probeAt).reasons;
    expect(reason).toMatchObject({ code: 'CIRCUIT_OPEN', retry_at: undefined });
    expect(reason?.text).toMatch(/half-open, and the 3 actions it lets through went ahead/);
  });

  test('charges each probe to the counter of this opening', () => {
    expect(probeCharge(breaker)).toEqual({ counter: 'c0ffee', amount: '1', ceiling: '3', window_seconds: 2_592_000 });
    expect(openingOf(openBreakerOf(tripped('payments.schedule'), 'agt_a', 'payments.schedule'))).toBe(breaker.openedAt.getTime());
    expect(openingOf(openBreakerOf(rules, 'agt_a', 'payments.schedule'))).toBe(0);
  });

  test('is told to the agent that asks who it is, with the action by its name', () => {
    const told = (given: Rules, at: Date) => standingOf(given, principal, false, never, at).breakers;
    const one = {
      action: 'payments.schedule',
      cause: 'errors',
      observed: '13 of 20 outcomes did not succeed',
      retry_at: '2026-12-01T10:05:00.000Z',
    };
    expect(told(tripped('payments.schedule'), now)).toEqual([{ ...one, state: 'open' }]);
    expect(told(tripped('payments.schedule'), probeAt)).toEqual([{ ...one, state: 'half_open' }]);
    expect(told({ ...rules, breakers: new Map([[breakerKey('agt_ab', 'invoices.read'), breaker]]) }, now)).toEqual([]);
  });
});

describe('what a decision is to its breaker', () => {
  const reason = (code: string): DecisionReason[] => [{ code, tier: null, text: '' } as DecisionReason];
  const said = ['NOT_IN_GRANT'];
  test.each(Object.keys(gateReasons).map((code) => [code, said.includes(code) ? 'refused' : undefined] as const))(
    'a refusal by the gate for %s: %s',
    (code, as) => expect(countsAs({ verdict: 'deny', reasons: reason(code) })).toBe(as),
  );
  test.each(['OUT_OF_SCOPE', 'ACTION_UNCLASSIFIED', 'NO_POLICY', 'ARGUMENTS_INVALID', 'TRIGGER_NOT_ALLOWED', 'MONEY_TIER_4'])(
    'a refusal for %s counts as refused',
    (code) => {
      expect(countsAs({ verdict: 'deny', reasons: reason(code) })).toBe('refused');
      expect(countsAs({ verdict: 'halt', reasons: reason(code) })).toBe('refused');
    },
  );
  test.each(['allow', 'allow_reversible', 'approval_required'] as const)('%s is no refusal', (verdict) => {
    expect(countsAs({ verdict, reasons: reason('MONEY_TIER_3') })).toBe('good');
    expect(countsAs({ verdict, reasons: [] })).toBe('good');
  });

  test('goes under one name for whatever nobody registered', () => {
    expect(breakerAction(rules, 'invoices.read')).toBe('invoices.read');
    for (const name of ['made.up', '(undeclared)', 'x'.repeat(256), '']) expect(breakerAction(rules, name)).toBe(undeclaredActions);
  });

  test('is measured by the policies of its agent; nobody’s of one nobody knows', () => {
    expect(breakerRulesOf(rules, 'agt_a', 'invoices.read')).toMatchObject({ base: rates.base, isOpen: false, plan: { probes: 3 } });
    expect(breakerRulesOf(rules, 'agt_a', undeclaredActions)?.plan.refusals).toHaveLength(1);
    expect(breakerRulesOf(rules, 'agt_nobody', 'invoices.read')).toBeUndefined();
  });
});
