import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/people/schema';
import { agentFields, fieldWords, type AgentField } from '@/lib/registry/domain/lifecycle';
import { agentStatuses, AgentRecord, type AgentFields } from '@/lib/registry/schema';
import { changesIn, collisionsOf, linesOf, takesRequests, wantedOf, whyNotDecide } from './change-requests';

const builder = 'per_emma';
const asker = 'per_ana';
const request = { status: 'open' as const, editors: [builder, asker] };
const agent = { status: 'active' as const, editors: [builder] };
const doer = (roles: Role[], personId = 'per_other', ownsProcess = true) => ({ roles, personId, ownsProcess });

describe('who decides a change of an agent that may act', () => {
  it.each<[string, Parameters<typeof whyNotDecide>[2], string | undefined]>([
    ['the owner of its process', doer(['process_owner']), undefined],
    ['a leader', doer(['leader'], 'per_liam', false), undefined],
    ['security', doer(['security'], 'per_sofia', false), undefined],
    ['a risk officer', doer(['risk'], 'per_rui', false), undefined],
    ['not the owner of another process', doer(['process_owner'], 'per_other', false), 'NOT_ALLOWED'],
    ['not an engineer', doer(['engineer']), 'NOT_ALLOWED'],
    ['not an administrator', doer(['admin']), 'NOT_ALLOWED'],
    ['not an auditor', doer(['auditor']), 'NOT_ALLOWED'],
    ['not whoever asked, though they own the process', doer(['process_owner'], asker), 'OWN_REQUEST'],
    ['not whoever asked with another role of theirs', doer(['leader', 'security'], asker), 'OWN_REQUEST'],
    ['not the engineer who built it, whatever else they are', doer(['engineer', 'security'], builder), 'OWN_AGENT'],
    ['not Countersign itself', undefined, 'NOT_ALLOWED'],
  ])('%s', (_, by, code) => {
    expect(whyNotDecide(request, agent, by)?.code).toBe(code);
  });

  it('not an engineer who wrote it since it was asked for', () => {
    expect(whyNotDecide(request, { ...agent, editors: ['per_late'] }, doer(['security'], 'per_late'))?.code).toBe('OWN_AGENT');
  });

  it.each(['approved', 'rejected', 'withdrawn'] as const)('nobody, once it was %s', (status) => {
    expect(whyNotDecide({ ...request, status }, agent, doer(['leader']))?.code).toBe('CLOSED');
  });

  it.each(agentStatuses)('an agent that is %s takes requests only between its review and its end', (status) => {
    const takes = status === 'approved' || status === 'active' || status === 'suspended';
    expect(takesRequests(status)).toBe(takes);
    expect(whyNotDecide(request, { ...agent, status }, doer(['leader']))?.code).toBe(takes ? undefined : 'WRONG_STATE');
  });
});

const record: AgentFields = {
  name: 'Invoice agent',
  purpose: 'Pays invoices.',
  processId: 'prc_x',
  ownerId: 'usr_ana',
  sponsorId: null,
  technicalOwnerId: null,
  successorIds: ['usr_a', 'usr_b'],
  environment: 'production',
  riskCategory: 'minimal',
  endsOn: null,
  nextReviewOn: null,
  autonomyFloor: 2,
  permissions: ['a.x', 'b.x'],
  record: AgentRecord.parse({}),
};
const asked = (fields: Partial<AgentFields>, changed: AgentField[]) => ({
  before: record,
  fields: { ...record, ...fields },
  changed,
  status: 'open' as const,
});

describe('a request, when the record moved on since', () => {
  const purpose = asked({ purpose: 'Pays all.' }, ['purpose']);

  it('changes its own fields alone', () => {
    const now = { ...record, name: 'Renamed', autonomyFloor: 3 as const };
    expect(wantedOf(purpose, now)).toEqual({ ...now, purpose: 'Pays all.' });
    expect(collisionsOf(purpose, now)).toEqual([]);
    expect(changesIn(purpose, now)).toEqual([{ field: 'purpose', before: 'Pays invoices.', after: 'Pays all.' }]);
  });

  it.each<[string, Partial<AgentFields>, ReturnType<typeof asked>, AgentField[]]>([
    ['collides where somebody changed the same field', { purpose: 'Pays some.' }, purpose, ['purpose']],
    [
      'collides where a permission was taken away meanwhile',
      { permissions: ['a.x'] },
      asked({ permissions: ['a.x', 'b.x', 'c.x'] }, ['permissions']),
      ['permissions'],
    ],
    ['does not collide where somebody made the very same change', { purpose: 'Pays all.' }, purpose, []],
    [
      'does not collide where another part of the document changed',
      { record: AgentRecord.parse({ framework: 'F' }) },
      asked({ record: AgentRecord.parse({ triggers: ['t'] }) }, ['triggers']),
      [],
    ],
  ])('%s', (_, now, request, expected) => {
    expect(collisionsOf(request, { ...record, ...now })).toEqual(expected);
  });

  it('keeps saying what it changed once it is decided', () => {
    const now = { ...record, purpose: 'Something else by now.' };
    expect(changesIn({ ...purpose, status: 'approved' }, now)).toEqual([
      { field: 'purpose', before: 'Pays invoices.', after: 'Pays all.' },
    ]);
  });
});

describe('what a request changes is said in words', () => {
  const names = new Map([
    ['usr_ana', 'Ana Meyer'],
    ['prc_x', 'Payables'],
  ]);
  const lines = (fields: Partial<AgentFields>, changed: AgentField[]) =>
    linesOf(changesIn(asked(fields, changed), record), (id) => names.get(id) ?? id);

  it.each<[string, Partial<AgentFields>, AgentField, object]>([
    ['a text before and after', { purpose: 'More.' }, 'purpose', { before: 'Pays invoices.', after: 'More.' }],
    ['a person by name', { ownerId: 'usr_bo' }, 'ownerId', { before: 'Ana Meyer', after: 'usr_bo' }],
    ['nobody as nothing', { sponsorId: 'usr_ana' }, 'sponsorId', { before: null, after: 'Ana Meyer' }],
    [
      'permissions as added and taken away',
      { permissions: ['b.x', 'c.x'] },
      'permissions',
      { added: ['c.x'], removed: ['a.x'], before: null, after: null },
    ],
    [
      'another order as such',
      { successorIds: ['usr_b', 'usr_a'] },
      'successorIds',
      { added: [], removed: [], before: 'usr_a, usr_b', after: 'usr_b, usr_a' },
    ],
    [
      'a model with its parts',
      { record: AgentRecord.parse({ model: { vendor: 'Acme', name: 'm' } }) },
      'model',
      { before: null, after: 'vendor Acme, name m' },
    ],
  ])('%s', (_, fields, field, expected) => {
    expect(lines(fields, [field])).toMatchObject([{ field, words: fieldWords[field], ...expected }]);
  });

  it('in the order of the form', () => {
    const all = lines({ permissions: [], purpose: 'x', ownerId: 'usr_bo' }, ['permissions', 'ownerId', 'purpose']).map(
      ({ field }) => field,
    );
    expect(all).toEqual(agentFields.filter((field) => all.includes(field)));
  });
});
