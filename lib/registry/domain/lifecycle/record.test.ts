import { describe, expect, it } from 'vitest';
import { NewActionType, NewAgent } from '@/lib/registry/schema';
import { nextSchemaVersion } from '.';

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
