import { describe, expect, it } from 'vitest';
import { activationGaps, activationWarnings, coverageOf, covers, gapsOpened, type ActivationFacts } from '.';

const ready: ActivationFacts = {
  agent: { id: 'agt_x', status: 'approved', purpose: 'Pays invoices.', permissions: ['invoices.read'], processId: 'prc_x' },
  owner: { name: 'Ana', active: true },
  sponsor: { name: 'Liam', active: true },
  accountable: [{ name: 'Ana', active: true }],
  stagesWithout: 0,
  hasCredential: true,
  actionTypes: new Map([['invoices.read', 'approved']]),
  coverage: new Map([['invoices.read', 'specific']]),
  reviewed: true,
};

const codes = (change: Partial<ActivationFacts>) => activationGaps({ ...ready, ...change }).map(({ code }) => code);

describe('the activation gate', () => {
  it('is open when nothing is missing', () => {
    expect(activationGaps(ready)).toEqual([]);
  });

  it.each<[string, Partial<ActivationFacts>, string[]]>([
    ['without a purpose', { agent: { ...ready.agent, purpose: ' ' } }, ['PURPOSE_MISSING']],
    ['when its owner has left', { owner: { name: 'Ana', active: false } }, ['OWNER_INACTIVE']],
    ['when a stage of its process has nobody', { stagesWithout: 1 }, ['ACCOUNTABLE_MISSING']],
    ['when an Accountable person has left', { accountable: [{ name: 'Ana', active: false }] }, ['ACCOUNTABLE_INACTIVE']],
    ['without a sponsor', { sponsor: undefined }, ['SPONSOR_MISSING']],
    ['when its sponsor has left', { sponsor: { name: 'Liam', active: false } }, ['SPONSOR_INACTIVE']],
    ['without a secret of its own', { hasCredential: false }, ['CREDENTIAL_MISSING']],
    ['without any permission', { agent: { ...ready.agent, permissions: [] } }, ['PERMISSIONS_MISSING']],
    ['when an action it may ask for was never recorded', { actionTypes: new Map() }, ['ACTION_UNCLASSIFIED']],
    ['when an action it may ask for is not classified', { actionTypes: new Map([['invoices.read', 'unset']]) }, ['ACTION_UNCLASSIFIED']],
    ['when an action it may ask for is disabled', { actionTypes: new Map([['invoices.read', 'disabled']]) }, ['ACTION_UNCLASSIFIED']],
    ['when no policy covers an action', { coverage: new Map([['invoices.read', 'none']]) }, ['POLICY_MISSING']],
    ['when nothing is known of what covers an action', { coverage: new Map() }, ['POLICY_MISSING']],
    ['when nobody but its author reviewed it', { reviewed: false }, ['REVIEWER_MISSING']],
    ['with several gaps, all named', { sponsor: undefined, hasCredential: false }, ['SPONSOR_MISSING', 'CREDENTIAL_MISSING']],
  ])('stays shut %s', (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  it('says of each gap who may fix it and where', () => {
    const everything = activationGaps({
      agent: { id: 'agt_x', status: 'draft', purpose: '', permissions: [], processId: 'prc_x' },
      owner: { name: 'Ana', active: false },
      sponsor: undefined,
      accountable: [],
      stagesWithout: 8,
      hasCredential: false,
      actionTypes: new Map(),
      coverage: new Map(),
      reviewed: false,
    });
    for (const gap of everything) expect(gap).toMatchObject({ href: expect.stringMatching(/^\//), text: expect.stringMatching(/\.$/) });
    expect(new Map(everything.map(({ code, fixedBy }) => [code, fixedBy]))).toEqual(
      new Map([
        ['PURPOSE_MISSING', 'agents:register'],
        ['OWNER_INACTIVE', 'agents:register'],
        ['ACCOUNTABLE_MISSING', 'raci:manage'],
        ['SPONSOR_MISSING', 'agents:register'],
        ['PERMISSIONS_MISSING', 'agents:register'],
        ['CREDENTIAL_MISSING', 'credentials:manage'],
        ['REVIEWER_MISSING', 'agents:review'],
      ]),
    );
  });

  it('sends those who may activate it to the form once it was reviewed', () => {
    const [gap] = activationGaps({ ...ready, sponsor: undefined });
    expect(gap).toMatchObject({ fixedBy: 'agents:activate', href: '/registry/agents/agt_x/edit' });
  });

  it('asks for no second review of one that has been active', () => {
    expect(codes({ agent: { ...ready.agent, status: 'suspended' }, reviewed: false })).toEqual([]);
  });

  it.each<[string, Partial<ActivationFacts>, Partial<ActivationFacts>, string[]]>([
    ['a permission that nobody classified', {}, { actionTypes: new Map() }, ['ACTION_UNCLASSIFIED']],
    ['a permission that no policy covers', {}, { coverage: new Map() }, ['POLICY_MISSING']],
    ['nobody who vouches for it', {}, { sponsor: undefined }, ['SPONSOR_MISSING']],
    ['nothing', {}, {}, []],
    ['a gap that was there already', { sponsor: undefined }, { sponsor: undefined }, []],
    ['no secret: that is no part of the record', {}, { hasCredential: false }, []],
    ['no permission left, with which it asks for nothing', {}, { agent: { ...ready.agent, permissions: [] } }, []],
  ])('of a change names what it opens: %s', (_, before, after, expected) => {
    const opened = gapsOpened(activationGaps({ ...ready, ...before }), activationGaps({ ...ready, ...after }));
    expect(opened.map(({ code }) => code)).toEqual(expected);
  });

  it('names one more unclassified action, beside one that was there', () => {
    const two = { agent: { ...ready.agent, permissions: ['invoices.read', 'invoices.pay'] }, actionTypes: new Map() };
    const opened = gapsOpened(activationGaps({ ...ready, actionTypes: new Map() }), activationGaps({ ...ready, ...two }));
    expect(opened.map(({ code }) => code)).toEqual(['ACTION_UNCLASSIFIED', 'POLICY_MISSING']);
  });

  it('warns, and stays open, where only the baseline covers an action', () => {
    const coverage = new Map([['invoices.read', 'baseline' as const]]);
    expect(codes({ coverage })).toEqual([]);
    expect(activationWarnings({ ...ready, coverage })).toMatchObject([{ code: 'BASELINE_ONLY', actions: ['invoices.read'] }]);
    expect(activationWarnings(ready)).toEqual([]);
  });

  it.each([
    ['*', 'payments.execute', true],
    ['payments.*', 'payments.execute', true],
    ['payments.*', 'payments.card.refund', true],
    ['payments.execute', 'payments.execute', true],
    ['payments.*', 'payments', false],
    ['payments.*', 'paymentsx.execute', false],
    ['payments', 'payments.execute', false],
    ['payments.execute', 'payments.execute.now', false],
  ])('a policy for %s covers %s: %s', (pattern, action, expected) => {
    expect(covers(pattern, action)).toBe(expected);
  });

  it('takes the most specific policy, and an organisation policy that is no baseline for none', () => {
    const policy = (level: string, baseline: boolean, pattern: string) => ({ level, baseline, actions: [pattern] });
    const covered = coverageOf(
      ['a.x', 'b.x', 'c.x'],
      [
        policy('organisation', true, 'a.*'),
        policy('process', false, 'a.*'),
        policy('organisation', true, 'b.x'),
        policy('organisation', false, '*'),
      ],
    );
    expect([...covered]).toEqual([
      ['a.x', 'specific'],
      ['b.x', 'baseline'],
      ['c.x', 'none'],
    ]);
  });
});
