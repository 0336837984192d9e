import { describe, expect, test } from 'vitest';
import { decide, type Learnt, type Principal, type Rules } from './decide';
import { CheckRequest } from '../schema';
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
const nothing: Learnt = { workflowHalted: false, approvalRefused: undefined, approvalPending: false, effectAmbiguous: false };
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
    const draft = decide(given, who, request, learnt);
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
    expect(decide(rules, principal, request, learnt)).toMatchObject({ ...expected, refuseWhenHalted: true, haltsWorkflow: false });
  });

  test.each([
    ['a large payment without an approval', pay('60000'), nothing],
    ['a large payment whose approval still waits', pay('60000', { approval }), { ...nothing, approvalPending: true }],
  ] as const)('but not %s', (_name, request, learnt) => {
    expect(decide(rules, principal, request, learnt)).toMatchObject({ verdict: 'approval_required', tier: 3, usesApproval: false });
  });

  test('and no approval beats Tier 4', () => {
    expect(decide(rules, principal, pay('250000', { approval }), nothing)).toMatchObject({
      verdict: 'halt',
      tier: 4,
      usesApproval: false,
      haltsWorkflow: true,
    });
  });
});
