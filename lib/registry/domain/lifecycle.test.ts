import { describe, expect, it } from 'vitest';
import { AgentStatus, NewAgent, NewActionType } from '@/lib/registry/schema';
import {
  activationGaps,
  agentMoves,
  canMove,
  nextSchemaVersion,
  type ActivationFacts,
  type ActivationGap,
  type AgentMove,
} from './lifecycle';

describe('an agent', () => {
  const allowed: Record<AgentMove, AgentStatus[]> = { activate: ['draft', 'approved'], suspend: ['active'], resume: ['suspended'] };
  for (const move of Object.keys(agentMoves) as AgentMove[]) {
    for (const status of AgentStatus.options) {
      const can = allowed[move].includes(status);
      it(`${can ? 'can' : 'cannot'} be moved by "${move}" when it is ${status}`, () => {
        expect(canMove(move, status)).toBe(can);
      });
    }
  }

  const ready: ActivationFacts = {
    agent: { purpose: 'Pays invoices.', permissions: ['invoices.read'] },
    ownerActive: true,
    hasCredential: true,
    actionTypes: new Map([['invoices.read', 'approved']]),
  };

  it('may become active when nothing is missing', () => {
    expect(activationGaps(ready)).toEqual([]);
  });

  it.each<[string, Partial<ActivationFacts>, ActivationGap[]]>([
    ['without a purpose', { agent: { ...ready.agent, purpose: ' ' } }, ['PURPOSE_MISSING']],
    ['when its owner has left', { ownerActive: false }, ['OWNER_INACTIVE']],
    ['without a secret of its own', { hasCredential: false }, ['CREDENTIAL_MISSING']],
    ['without any permission', { agent: { ...ready.agent, permissions: [] } }, ['PERMISSIONS_MISSING']],
    ['when an action it may ask for was never recorded', { actionTypes: new Map() }, ['ACTION_UNCLASSIFIED']],
    ['when an action it may ask for is not classified', { actionTypes: new Map([['invoices.read', 'unset']]) }, ['ACTION_UNCLASSIFIED']],
    ['when an action it may ask for is disabled', { actionTypes: new Map([['invoices.read', 'disabled']]) }, ['ACTION_UNCLASSIFIED']],
    ['with several gaps, all named', { ownerActive: false, hasCredential: false }, ['OWNER_INACTIVE', 'CREDENTIAL_MISSING']],
  ])('does not become active %s', (_, change, gaps) => {
    expect(activationGaps({ ...ready, ...change })).toEqual(gaps);
  });

  const record = { name: 'Invoice agent', purpose: 'Pays invoices.', processId: 'prc_payables' };

  it('starts at floor 2, so that everything it does is at least supervised', () => {
    expect(NewAgent.parse(record)).toMatchObject({ autonomyFloor: 2, permissions: [] });
  });

  it.each<[string, object]>([
    ['an id of another kind', { id: 'usr_ana' }],
    ['an id with a path in it', { id: 'agt_../x' }],
    ['a floor below 1', { autonomyFloor: 0 }],
    ['a floor above 4', { autonomyFloor: 5 }],
    ['no purpose', { purpose: '  ' }],
    ['a name that hides characters', { name: 'Invoice\u200bagent' }],
    ['a pattern as permission', { permissions: ['payments.*'] }],
  ])('is not registered with %s', (_, change) => {
    expect(NewAgent.safeParse({ ...record, ...change }).success).toBe(false);
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
