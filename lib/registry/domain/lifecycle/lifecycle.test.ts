import { describe, expect, it } from 'vitest';
import { roles, type Role } from '@/lib/people/schema';
import { AgentRecord, AgentStatus, NewActionType, NewAgent, type Agent } from '@/lib/registry/schema';
import {
  activationGaps,
  activationWarnings,
  agentFields,
  agentMoveNames,
  agentMoves,
  canMove,
  changesOf,
  coverageOf,
  covers,
  fieldWords,
  isMaterial,
  nextSchemaVersion,
  told,
  whyNotEdit,
  whyNotMove,
  type ActivationFacts,
  type AgentField,
  type AgentMove,
} from '.';

const builder = 'per_emma';
const doer = (role: Role, personId = 'per_other', ownsProcess = true) => ({ roles: [role], personId, ownsProcess });

describe('the life of an agent, every step from every state', () => {
  const allowed: Record<AgentMove, AgentStatus[]> = {
    submit: ['draft'],
    approve: ['in_review'],
    reject: ['in_review'],
    reopen: ['in_review', 'approved', 'rejected'],
    activate: ['approved'],
    suspend: ['active'],
    resume: ['suspended'],
    decommission: ['draft', 'in_review', 'approved', 'active', 'suspended', 'rejected'],
  };
  for (const move of agentMoveNames) {
    for (const status of AgentStatus.options) {
      const can = allowed[move].includes(status);
      it(`${can ? 'can' : 'cannot'} "${move}" when it is ${status}`, () => {
        expect(canMove(move, status)).toBe(can);
        const why = whyNotMove(move, { status, editors: [builder] }, undefined);
        expect(why?.code).toBe(can ? undefined : 'WRONG_STATE');
      });
    }
  }

  it('never leads back from decommissioned', () => {
    expect(agentMoveNames.filter((move) => canMove(move, 'decommissioned'))).toEqual([]);
  });

  it('reaches active from approved or suspended only, and only past the gate', () => {
    const into = agentMoveNames.filter((move) => agentMoves[move].to === 'active');
    expect(into.flatMap((move) => [...agentMoves[move].from])).toEqual(['approved', 'suspended']);
    expect(into.every((move) => agentMoves[move].gated)).toBe(true);
  });
});

describe('who takes each step, every role', () => {
  const may: Record<AgentMove, Role[]> = {
    submit: ['engineer'],
    approve: ['process_owner', 'security', 'risk'],
    reject: ['process_owner', 'security', 'risk'],
    reopen: ['engineer'],
    activate: ['process_owner', 'leader', 'security'],
    suspend: ['process_owner', 'leader', 'security'],
    resume: ['leader', 'security'],
    decommission: ['process_owner', 'leader', 'security'],
  };
  for (const move of agentMoveNames) {
    const [status = 'draft'] = agentMoves[move].from;
    for (const role of roles) {
      const can = may[move].includes(role);
      it(`${can ? 'a' : 'no'} ${role} may "${move}"`, () => {
        expect(whyNotMove(move, { status, editors: [builder] }, doer(role))?.code).toBe(can ? undefined : 'NOT_ALLOWED');
      });
    }
    it(`the owner of another process may not "${move}"`, () => {
      const why = whyNotMove(move, { status, editors: [builder] }, doer('process_owner', 'per_other', false));
      expect(why?.code).toBe('NOT_ALLOWED');
    });
  }

  it.each<AgentMove>(['approve', 'reject', 'activate'])('whoever wrote it may not "%s" it, from any of their accounts', (move) => {
    const [status] = agentMoves[move].from;
    expect(whyNotMove(move, { status, editors: ['per_first', builder] }, doer('security', builder))?.code).toBe('OWN_AGENT');
  });

  it.each<AgentMove>(['suspend', 'decommission'])('whoever wrote it may "%s" it: stopping needs no second person', (move) => {
    expect(whyNotMove(move, { status: 'active', editors: [builder] }, doer('security', builder))).toBeUndefined();
  });

  it('a person without a role may do nothing', () => {
    for (const move of agentMoveNames) {
      const [status] = agentMoves[move].from;
      expect(whyNotMove(move, { status, editors: [] }, { roles: [], personId: 'per_x', ownsProcess: true })?.code).toBe('NOT_ALLOWED');
    }
  });
});

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

describe('who changes what of a record', () => {
  const agent = (status: AgentStatus) => ({ status, editors: [builder] });
  const why = (status: AgentStatus, by: Parameters<typeof whyNotEdit>[1], fields: AgentField[]) =>
    whyNotEdit(agent(status), by, fields)?.code;

  it.each<AgentStatus>(['draft', 'rejected'])('a %s is written by engineers alone', (status) => {
    for (const role of roles) expect(why(status, doer(role), ['purpose'])).toBe(role === 'engineer' ? undefined : 'NOT_ALLOWED');
  });

  it('what is in review is changed by nobody, and a decommissioned record neither', () => {
    for (const role of roles)
      for (const status of ['in_review', 'decommissioned'] as const) expect(why(status, doer(role), ['name'])).toBe('WRONG_STATE');
  });

  for (const status of ['approved', 'active', 'suspended'] as const) {
    it(`what an ${status} agent is belongs to those who may activate it`, () => {
      for (const role of roles) {
        const can = role === 'process_owner' || role === 'leader' || role === 'security';
        expect(why(status, doer(role), ['purpose'])).toBe(can ? undefined : 'NOT_ALLOWED');
      }
      expect(why(status, doer('process_owner', 'per_other', false), ['purpose'])).toBe('NOT_ALLOWED');
    });

    it(`the rest of an ${status} agent is for engineers too, its author among them`, () => {
      expect(why(status, doer('engineer', builder), ['links', 'nextReviewOn'])).toBeUndefined();
      expect(why(status, doer('engineer', builder), ['links', 'triggers'])).toBe('NOT_ALLOWED');
      expect(why(status, doer('auditor'), ['links'])).toBe('NOT_ALLOWED');
      expect(why(status, doer('admin'), ['links'])).toBe('NOT_ALLOWED');
    });
  }

  it('whoever wrote it does not change what was reviewed, whatever else they are', () => {
    expect(why('active', { roles: ['engineer', 'security'], personId: builder, ownsProcess: false }, ['permissions'])).toBe('OWN_AGENT');
    expect(why('active', { roles: ['engineer', 'security'], personId: builder, ownsProcess: false }, ['links'])).toBeUndefined();
  });

  it.each<AgentField>([
    'purpose',
    'triggers',
    'permissions',
    'model',
    'ownerId',
    'processId',
    'autonomyFloor',
    'riskCategory',
    'mcpServers',
  ])('a change of %s is a change of what was reviewed', (field) => expect(isMaterial(field)).toBe(true));
});

describe('what changed is told', () => {
  const before = {
    name: 'Invoice agent',
    purpose: 'Pays invoices.',
    processId: 'prc_x',
    ownerId: 'usr_ana',
    sponsorId: null,
    technicalOwnerId: null,
    successorIds: [],
    environment: 'production',
    riskCategory: 'minimal',
    endsOn: null,
    nextReviewOn: null,
    autonomyFloor: 2,
    permissions: ['b.x', 'a.x'],
    record: AgentRecord.parse({}),
  } satisfies Partial<Agent>;

  it('by field, with ids and codes in the open and words sealed', () => {
    const after = {
      ...before,
      purpose: 'Pays Ana.',
      sponsorId: 'usr_liam',
      record: { ...before.record, model: { vendor: 'Acme', name: 'm', version: '2' } },
    };
    const { data, text } = told(changesOf(before, after));
    expect(data).toEqual({ fields: ['purpose', 'sponsorId', 'model'], changed: { sponsorId: { before: null, after: 'usr_liam' } } });
    expect(JSON.stringify(data)).not.toMatch(/Pays|Acme/);
    expect(text).toBe('purpose: “Pays invoices.” → “Pays Ana.”\nmodel: – → vendor Acme, name m, version 2');
  });

  it('and the order of permissions is no change', () => {
    expect(changesOf(before, { ...before, permissions: ['a.x', 'b.x'] })).toEqual([]);
  });

  it('with a word for every field', () => {
    expect(Object.keys(fieldWords).sort()).toEqual([...agentFields].sort());
  });
});

describe('a record', () => {
  const record = { name: 'Invoice agent', purpose: 'Pays invoices.', processId: 'prc_payables' };

  it('starts at floor 2, so that everything it does is at least supervised', () => {
    expect(NewAgent.parse(record)).toMatchObject({
      autonomyFloor: 2,
      permissions: [],
      environment: 'production',
      riskCategory: 'unassessed',
    });
  });

  it.each<[string, object]>([
    ['an id of another kind', { id: 'usr_ana' }],
    ['an id with a path in it', { id: 'agt_../x' }],
    ['a floor below 1', { autonomyFloor: 0 }],
    ['a floor above 4', { autonomyFloor: 5 }],
    ['no purpose', { purpose: '  ' }],
    ['a name that hides characters', { name: 'Invoice\u200bagent' }],
    ['a pattern as permission', { permissions: ['payments.*'] }],
    ['an unknown environment', { environment: 'prod' }],
    ['an unknown risk category', { riskCategory: 'low' }],
    ['a day that is none', { endsOn: '2026-02-30' }],
    ['a link that runs', { record: { links: { runbook: 'javascript:alert(1)' } } }],
    ['a link with a password in it', { record: { links: { repository: 'https://ana:secret@example.com/' } } }],
    ['a link that hides characters', { record: { links: { dashboard: 'https://example.com/\u202egpj.exe' } } }],
    ['a file as MCP server', { record: { mcpServers: ['file:///etc/passwd'] } }],
    ['a data card that is no web page', { record: { a2aCard: 'data:text/html,x' } }],
    ['something nobody declared', { record: { colour: 'blue' } }],
  ])('is not accepted with %s', (_, change) => {
    expect(NewAgent.safeParse({ ...record, ...change }).success).toBe(false);
  });

  it.each(['https://example.com/repo', 'http://localhost:3000/x', ''])('may have the link “%s”', (repository) => {
    expect(NewAgent.parse({ ...record, record: { links: { repository } } }).record.links.repository).toBe(repository);
  });
});

describe('the version of a parameter schema', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };

  it('starts at 1 and stays while the schema means the same, however it is written', () => {
    expect(nextSchemaVersion(undefined, schema)).toBe(1);
    expect(nextSchemaVersion({ version: 3, parameters: schema }, { properties: { a: { type: 'string' } }, type: 'object' })).toBe(3);
  });

  it('moves on with any change of it', () => {
    expect(nextSchemaVersion({ version: 3, parameters: schema }, { ...schema, required: ['a'] })).toBe(4);
  });

  it('is never what the caller says', () => {
    const input = { name: 'a.b', title: 'Things', system: 'sys_a', parameters: {}, classification: null };
    expect(NewActionType.safeParse(input).success).toBe(true);
    expect(NewActionType.safeParse({ ...input, version: 9 }).success).toBe(false);
    expect(NewActionType.safeParse({ ...input, status: 'approved' }).success).toBe(false);
  });
});
