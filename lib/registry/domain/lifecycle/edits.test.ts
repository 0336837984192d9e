import { describe, expect, it } from 'vitest';
import { roles, type Role } from '@/lib/people/schema';
import { AgentRecord, type Agent, type AgentStatus } from '@/lib/registry/schema';
import { agentFields, changesOf, fieldWords, isMaterial, told, whyNotEdit, type AgentField } from '.';

const builder = 'per_emma';
const doer = (role: Role, personId = 'per_other', ownsProcess = true) => ({ roles: [role], personId, ownsProcess });

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
