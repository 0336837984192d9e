import { describe, expect, it } from 'vitest';
import { roles, type Role } from '@/lib/people/schema';
import { AgentRecord, type Agent, type AgentStatus } from '@/lib/registry/schema';
import { agentFields, changesOf, fieldWords, isMaterial, partsOf, told, whyNotEdit, withFields, type EditedPart, type AgentField } from '.';

const builder = 'per_emma';
const doer = (role: Role, personId = 'per_other', ownsProcess = true) => ({ roles: [role], personId, ownsProcess });

describe('who changes what of a record', () => {
  const agent = (status: AgentStatus) => ({ status, editors: [builder] });
  const why = (status: AgentStatus, by: Parameters<typeof whyNotEdit>[1], parts: EditedPart[]) =>
    whyNotEdit(agent(status), by, parts)?.code;

  it.each<AgentStatus>(['draft', 'rejected'])('a %s is written by engineers alone', (status) => {
    for (const role of roles) expect(why(status, doer(role), ['purpose'])).toBe(role === 'engineer' ? undefined : 'NOT_ALLOWED');
  });

  it('what is in review is changed by nobody, and a decommissioned record neither', () => {
    for (const role of roles)
      for (const status of ['in_review', 'decommissioned'] as const) expect(why(status, doer(role), ['name'])).toBe('WRONG_STATE');
  });

  for (const status of ['approved', 'active', 'suspended'] as const) {
    it.each(agentFields.filter(isMaterial))(`the %s of an ${status} agent changes by a request alone, whoever asks`, (field) => {
      for (const role of ['engineer', 'process_owner', 'leader', 'security'] as const)
        expect(why(status, doer(role), [field])).toBe('NEEDS_REQUEST');
      for (const role of ['admin', 'risk', 'auditor'] as const) expect(why(status, doer(role), [field])).toBe('NOT_ALLOWED');
      expect(why(status, doer('process_owner', 'per_other', false), [field])).toBe('NOT_ALLOWED');
    });

    it.each(agentFields.filter((field) => !isMaterial(field)))(`the %s of an ${status} agent changes at once`, (field) => {
      expect(why(status, doer('engineer', builder), [field])).toBeUndefined();
      expect(why(status, doer('process_owner'), [field])).toBeUndefined();
      expect(why(status, doer('auditor'), [field])).toBe('NOT_ALLOWED');
      expect(why(status, doer('admin'), [field])).toBe('NOT_ALLOWED');
      expect(why(status, doer('engineer', builder), [field, 'triggers'])).toBe('NEEDS_REQUEST');
    });

    it(`the next review of an ${status} agent is put off by a request alone, whoever asks`, () => {
      for (const role of ['engineer', 'process_owner', 'leader', 'security'] as const)
        expect(why(status, doer(role), ['later review'])).toBe('NEEDS_REQUEST');
      expect(why(status, doer('risk'), ['later review'])).toBe('NOT_ALLOWED');
      expect(why(status, undefined, ['later review'])).toBeUndefined();
    });

    it(`permissions of an ${status} agent are taken away at once by those who may activate it and did not write it`, () => {
      for (const role of ['process_owner', 'leader', 'security'] as const)
        expect(why(status, doer(role), ['fewer permissions'])).toBeUndefined();
      expect(why(status, doer('engineer'), ['fewer permissions'])).toBe('NEEDS_REQUEST');
      expect(why(status, { roles: ['engineer', 'security'], personId: builder, ownsProcess: true }, ['fewer permissions'])).toBe(
        'NEEDS_REQUEST',
      );
      expect(why(status, doer('process_owner', 'per_other', false), ['fewer permissions'])).toBe('NOT_ALLOWED');
    });
  }

  it('Countersign itself, which settles an inheritance, asks nobody', () => {
    expect(why('active', undefined, ['ownerId'])).toBeUndefined();
    expect(why('decommissioned', undefined, ['ownerId'])).toBe('WRONG_STATE');
  });

  it.each<AgentField>([
    'purpose',
    'triggers',
    'permissions',
    'model',
    'ownerId',
    'successorIds',
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

  it('and fewer permissions are told from others', () => {
    const parts = (permissions: string[]) => partsOf(changesOf(before, { ...before, permissions }));
    expect(parts(['a.x'])).toEqual(['fewer permissions']);
    expect(parts([])).toEqual(['fewer permissions']);
    expect(parts(['a.x', 'c.x'])).toEqual(['permissions']);
    expect(parts(['a.x', 'b.x', 'c.x'])).toEqual(['permissions']);
  });

  it.each<[string, string | null, string | null, EditedPart[]]>([
    ['a later day', '2027-03-01', '2027-03-02', ['later review']],
    ['no day where one stood', '2027-03-01', null, ['later review']],
    ['an earlier day', '2027-03-01', '2027-02-28', ['nextReviewOn']],
    ['a day where none stood', null, '2027-03-01', ['nextReviewOn']],
    ['the same day', '2027-03-01', '2027-03-01', []],
  ])('and a review that is put off is told from one that comes sooner: %s', (_, from, to, parts) => {
    expect(partsOf(changesOf({ ...before, nextReviewOn: from }, { ...before, nextReviewOn: to }))).toEqual(parts);
  });

  it.each(agentFields)('and a record takes the %s of another, and nothing else of it', (field) => {
    const other = {
      name: 'Other',
      purpose: 'Other.',
      processId: 'prc_y',
      ownerId: 'usr_bo',
      sponsorId: 'usr_cy',
      technicalOwnerId: 'usr_di',
      successorIds: ['usr_ed'],
      environment: 'staging' as const,
      riskCategory: 'high' as const,
      endsOn: '2027-01-01',
      nextReviewOn: '2027-02-01',
      autonomyFloor: 3 as const,
      permissions: ['z.x'],
      record: AgentRecord.parse({
        uri: 'spiffe://a/b',
        triggers: ['t'],
        framework: 'f',
        model: { name: 'm' },
        dataClasses: ['pii'],
        links: { runbook: 'https://a.b/' },
        a2aCard: 'https://a.b/c',
        mcpServers: ['https://a.b/d'],
        baseline: { callsPerDay: 1 },
      }),
    };
    expect(changesOf(before, withFields(before, other, [field])).map((change) => change.field)).toEqual([field]);
    expect(changesOf(other, withFields(before, other, agentFields))).toEqual([]);
  });

  it('with a word for every field', () => {
    expect(Object.keys(fieldWords).sort()).toEqual([...agentFields].sort());
  });
});
