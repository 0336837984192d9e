import { describe, expect, test } from 'vitest';
import { asksAs, otherRole, whyNotAsk, whyNotSign, type HaltedFacts, type Senior } from './authorisations';
import { seniorRoles } from '../schema';

const senior = (personId: string, ...roles: Senior['roles'][number][]): Senior => ({ personId, roles, status: 'active' });
const lena = senior('per_lena', 'leader');
const sofia = senior('per_sofia', 'security');
const both = senior('per_both', 'leader', 'security');
const gone: Senior = { ...sofia, status: 'deactivated' };
const halted: HaltedFacts = {
  authorisable: true,
  readable: true,
  digest: 'sha-256:00',
  agentStatus: 'active',
  editors: ['per_builder'],
  askedFor: undefined,
  authorised: false,
};
const asked = { status: 'open', askedAs: 'leader' } as const;
const by = (personId: string, status = 'active') => ({ ...halted, askedFor: { personId, status } });

describe('letting a halted action happen', () => {
  test('takes the one role first and the other one then', () => {
    for (const role of seniorRoles) expect(otherRole(otherRole(role))).toBe(role);
    expect(whyNotAsk(lena, 'leader', halted, false)).toBeUndefined();
    expect(whyNotSign(asked, lena, sofia, halted)).toBeUndefined();
    expect(whyNotSign({ ...asked, askedAs: 'security' }, sofia, lena, halted)).toBeUndefined();
  });

  test('is open to who holds both roles, as either of the two people and never as both', () => {
    expect(asksAs(both)).toEqual(['leader', 'security']);
    expect(whyNotSign(asked, lena, both, halted)).toBeUndefined();
    expect(whyNotSign(asked, both, sofia, halted)).toBeUndefined();
    expect(whyNotSign(asked, both, both, halted)).toBe('SAME_PERSON');
  });

  test('is possible while the agent is suspended: the gate stops it by itself', () => {
    expect(whyNotSign(asked, lena, sofia, { ...halted, agentStatus: 'suspended' })).toBeUndefined();
  });
});

describe('nobody asks', () => {
  test.each<[string, Senior | undefined, 'leader' | 'security', HaltedFacts, string]>([
    ['who is not known', undefined, 'leader', halted, 'NOT_ALLOWED'],
    ['who has left', gone, 'security', halted, 'NOT_ALLOWED'],
    ['under a role that is not theirs', lena, 'security', halted, 'NOT_ALLOWED'],
    ['as process owner', senior('per_pat', 'process_owner'), 'leader', halted, 'NOT_ALLOWED'],
    ['as administrator', senior('per_ada', 'admin', 'risk', 'auditor', 'engineer'), 'security', halted, 'NOT_ALLOWED'],
    ['for themselves', lena, 'leader', by('per_lena'), 'OWN_REQUEST'],
    ['who built the agent', senior('per_builder', 'leader'), 'leader', halted, 'AUTHOR'],
    ['for what is not the agent’s at all', lena, 'leader', { ...halted, authorisable: false }, 'NOT_AUTHORISABLE'],
    ['for what nobody can read', lena, 'leader', { ...halted, readable: false }, 'ARGUMENTS_GONE'],
    ['for an agent that is gone', lena, 'leader', { ...halted, agentStatus: 'decommissioned' }, 'AGENT_GONE'],
    ['for an agent that never was', lena, 'leader', { ...halted, agentStatus: undefined }, 'AGENT_GONE'],
    ['for somebody who is gone', lena, 'leader', by('per_pat', 'deactivated'), 'ASKED_FOR_GONE'],
    ['a second time', lena, 'leader', { ...halted, authorised: true }, 'ALREADY_AUTHORISED'],
  ])('%s', (_, person, as, facts, code) => {
    expect(whyNotAsk(person, as, facts, false)).toBe(code);
  });

  test('while somebody else has', () => {
    expect(whyNotAsk(lena, 'leader', halted, true)).toBe('ALREADY_ASKED');
  });
});

describe('nobody signs', () => {
  test.each<[string, Senior | undefined, Senior | undefined, HaltedFacts, string]>([
    ['who is not known', lena, undefined, halted, 'NOT_ALLOWED'],
    ['who has left', lena, gone, halted, 'NOT_ALLOWED'],
    ['as process owner', lena, senior('per_pat', 'process_owner'), halted, 'NOT_ALLOWED'],
    ['what they asked, with another account', lena, senior('per_lena', 'security'), halted, 'SAME_PERSON'],
    ['under the same role', lena, senior('per_lars', 'leader'), halted, 'OTHER_ROLE'],
    ['for themselves', lena, sofia, by('per_sofia'), 'OWN_REQUEST'],
    ['for whoever asked', lena, sofia, by('per_lena'), 'ASKER_GONE'],
    ['who built the agent', lena, senior('per_builder', 'security'), halted, 'AUTHOR'],
    ['with the word of who built the agent', senior('per_builder', 'leader'), sofia, halted, 'ASKER_GONE'],
    ['with the word of who left', { ...lena, status: 'deactivated' }, sofia, halted, 'ASKER_GONE'],
    ['with the word of who lost the role', senior('per_lena', 'security'), sofia, halted, 'ASKER_GONE'],
    ['with nobody’s word', undefined, sofia, halted, 'ASKER_GONE'],
    ['what is not the agent’s at all', lena, sofia, { ...halted, authorisable: false }, 'NOT_AUTHORISABLE'],
    ['what nobody can read', lena, sofia, { ...halted, readable: false }, 'ARGUMENTS_GONE'],
    ['a second time', lena, sofia, { ...halted, authorised: true }, 'ALREADY_AUTHORISED'],
  ])('%s', (_, asker, signer, facts, code) => {
    expect(whyNotSign(asked, asker, signer, facts)).toBe(code);
  });

  test.each(['signed', 'withdrawn'] as const)('what is %s', (status) => {
    expect(whyNotSign({ ...asked, status }, lena, sofia, halted)).toBe('NOT_OPEN');
  });
});
