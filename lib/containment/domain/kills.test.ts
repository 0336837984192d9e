import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/people/schema';
import { maySetKill, whyNotLift } from './kills';
import { KillScope, NewKill, Reason } from '../schema';

const person = (personId: string, ...roles: Role[]) => ({ personId, roles });

describe('a stop is set', () => {
  it.each(KillScope.options)('by security and by a leader on any %s', (scope) => {
    expect(maySetKill(person('per_a', 'security'), scope, false)).toBe(true);
    expect(maySetKill(person('per_a', 'leader'), scope, false)).toBe(true);
  });

  it('by a process owner on their own process and its agents', () => {
    expect(maySetKill(person('per_a', 'process_owner'), 'process', true)).toBe(true);
    expect(maySetKill(person('per_a', 'process_owner'), 'agent', true)).toBe(true);
  });

  it.each<[string, Role[], KillScope, boolean]>([
    ['a process owner on another process', ['process_owner'], 'process', false],
    ['a process owner on an agent of another process', ['process_owner'], 'agent', false],
    ['a process owner on a whole system', ['process_owner'], 'system', true],
    ['a process owner on an action everybody uses', ['process_owner'], 'action_type', true],
    ['a process owner on the organisation', ['process_owner'], 'organisation', true],
    ['an engineer', ['engineer'], 'agent', true],
    ['an administrator', ['admin'], 'organisation', false],
    ['an auditor', ['auditor'], 'agent', true],
    ['a person without roles', [], 'agent', true],
  ])('never by %s', (_, roles, scope, owns) => {
    expect(maySetKill(person('per_a', ...roles), scope, owns)).toBe(false);
  });

  it.each<[string, object]>([
    ['without a reason', { reason: ' ' }],
    ['with a reason that hides characters', { reason: 'a\u202eb' }],
    ['with an endless reason', { reason: 'x'.repeat(2001) }],
    ['on a scope that does not exist', { scope: 'planet' }],
    ['on part of the organisation', { scope: 'organisation', target: 'agt_a' }],
    ['on nothing', { target: '' }],
  ])('never %s', (_, change) => {
    expect(NewKill.safeParse({ scope: 'agent', target: 'agt_a', reason: 'It loops.', ...change }).success).toBe(false);
  });

  it('with a reason of several lines', () => {
    expect(Reason.safeParse('It loops.\nSince 10:00.').success).toBe(true);
  });
});

describe('a stop is lifted', () => {
  const inForce = { liftedAt: null };
  const setter = { personId: 'per_a' };

  it('by a second person, a leader or security', () => {
    expect(whyNotLift(inForce, setter, person('per_b', 'leader'))).toBeUndefined();
    expect(whyNotLift(inForce, setter, person('per_b', 'security'))).toBeUndefined();
  });

  it.each<[string, Parameters<typeof whyNotLift>, string]>([
    ['by who set it', [inForce, setter, person('per_a', 'leader', 'security')], 'SAME_PERSON'],
    ['by a process owner', [inForce, setter, person('per_b', 'process_owner')], 'NOT_ALLOWED'],
    ['by an administrator', [inForce, setter, person('per_b', 'admin')], 'NOT_ALLOWED'],
    ['by an engineer', [inForce, setter, person('per_b', 'engineer')], 'NOT_ALLOWED'],
    ['by nobody', [inForce, setter, undefined], 'NOT_ALLOWED'],
    ['twice', [{ liftedAt: new Date(0) }, setter, person('per_b', 'leader')], 'ALREADY_LIFTED'],
  ])('never %s', (_, given, refusal) => {
    expect(whyNotLift(...given)).toBe(refusal);
  });
});
