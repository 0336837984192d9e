import { describe, expect, test } from 'vitest';
import type { Role } from '@/lib/people/schema';
import type { Routed } from '../schema';
import type { Routing } from '.';
import { calledAs, callsFor, dueStep, type Callable, type Circle } from './deadlines';

const requestedAt = new Date('2026-11-23T12:00:00Z');
const expiresAt = new Date('2026-11-23T14:00:00Z');
const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);

describe('the step that is due', () => {
  test.each<[string, 0 | 1 | 2 | 3, Date]>([
    ['none when it was just asked', 0, requestedAt],
    ['none before half of the time is gone', 0, at('12:59:59.999')],
    ['the reminder at half of it', 1, at('13:00:00')],
    ['still the reminder just before three quarters', 1, at('13:29:59.999')],
    ['backups at three quarters', 2, at('13:30:00')],
    ['the accountable owner at nine tenths', 3, at('13:48:00')],
    ['none at the deadline: then it is refused', 0, expiresAt],
    ['none after it', 0, at('15:00:00')],
    ['none before it was asked, by a clock that runs behind', 0, at('11:00:00')],
  ])('is %s', (_, step, now) => {
    expect(dueStep({ status: 'pending', requestedAt, expiresAt }, now)).toBe(step);
  });

  test.each(['approved', 'rejected', 'expired', 'cancelled', 'used'] as const)('is none of a request that is %s', (status) => {
    expect(dueStep({ status, requestedAt, expiresAt }, at('13:50:00'))).toBe(0);
  });
});

const somebody = (name: string, roles: Role[] = ['leader'], change: Partial<Callable> = {}): Callable => ({
  userId: `usr_${name}`,
  personId: `per_${name}`,
  roles,
  active: true,
  ...change,
});
const stands = (name: string, how: Routed['how'], change: Partial<Routed> = {}): Routed => ({
  ...somebody(name),
  roles: ['leader'],
  name,
  email: `${name}@example.com`,
  how,
  team: null,
  ...change,
});
const request: Routing = {
  routedTo: [stands('ana', 'accountable'), stands('liam', 'responsible')],
  askerPersonId: null,
  editors: [],
};
const circle: Circle = {
  successors: [somebody('nora'), somebody('omar')],
  managers: [somebody('mia')],
  owner: somebody('zoe'),
};
const called = (from: number, to: 1 | 2 | 3, change: Partial<Routing> = {}, who: Partial<Circle> = {}) =>
  callsFor(from, to, { ...request, ...change }, { ...circle, ...who }).map(({ step, userId }) => `${step} ${userId.slice(4)}`);

describe('who is called', () => {
  test.each<[string, string[], string[]]>([
    ['as reminder, everybody who may sign', called(0, 1), ['1 ana', '1 liam']],
    ['as backups, the successors in their order', called(1, 2), ['2 nora', '2 omar']],
    ['at last, who is Accountable and the owner of the agent', called(2, 3), ['3 ana', '3 zoe']],
    ['where there is no successor, the managers of the Responsible', called(1, 2, {}, { successors: [] }), ['2 mia']],
    [
      'where no successor may sign, the managers likewise',
      called(1, 2, {}, { successors: [somebody('nora', ['engineer']), somebody('omar', ['leader'], { active: false })] }),
      ['2 mia'],
    ],
    ['with a late sweep, backups too, who could not sign otherwise, but no reminder', called(0, 3), ['2 nora', '2 omar', '3 ana', '3 zoe']],
    ['with a sweep late by the reminder alone, backups', called(0, 2), ['2 nora', '2 omar']],
    [
      'once, who has two accounts',
      called(1, 2, {}, { successors: [somebody('nora'), somebody('second', ['leader'], { personId: 'per_nora' })] }),
      ['2 nora'],
    ],
    ['once, who owns the agent and is Accountable', called(2, 3, {}, { owner: somebody('ana') }), ['3 ana']],
  ])('is, %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test.each<[string, string[], string[]]>([
    ['the person it was asked for', called(1, 2, { askerPersonId: 'per_nora' }), ['2 omar']],
    ['the engineer who built the agent', called(1, 2, { editors: ['per_omar'] }), ['2 nora']],
    ['who wrote any of its record', called(1, 2, { editors: ['per_nora'] }), ['2 omar']],
    ['who was removed', called(1, 2, {}, { successors: [somebody('nora', ['leader'], { active: false }), somebody('omar')] }), ['2 omar']],
    ['who may not sign', called(1, 2, {}, { successors: [somebody('nora', ['auditor']), somebody('omar')] }), ['2 omar']],
    ['whom the row names already', called(1, 2, { routedTo: [...request.routedTo, stands('nora', 'responsible')] }), ['2 omar']],
    ['an owner who wrote the record of the agent', called(2, 3, { editors: ['per_zoe'] }), ['3 ana']],
    ['an Accountable for whom it was asked', called(2, 3, { askerPersonId: 'per_ana' }), ['3 zoe']],
    ['an owner who is gone', called(2, 3, {}, { owner: null }), ['3 ana']],
    ['anybody, where nobody can be called', called(1, 2, {}, { successors: [], managers: [] }), []],
    ['a reminder to who may not sign', called(0, 1, { editors: ['per_liam'] }), ['1 ana']],
    ['again, who was called a step before', called(2, 3), ['3 ana', '3 zoe']],
  ])('is never %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('a person is told that they were called', () => {
  const as = (name: string, step: number, routedTo: readonly Routed[]) => calledAs({ personId: `per_${name}` }, { routedTo, step });
  test.each<[string, ReturnType<typeof calledAs>, ReturnType<typeof calledAs>]>([
    ['as backup', as('nora', 2, [stands('nora', 'backup')]), 'backup'],
    ['as who answers for it, as owner of the agent', as('zoe', 3, [stands('zoe', 'owner')]), 'accountable'],
    ['as who answers for it, as Accountable, at the last step', as('ana', 3, request.routedTo), 'accountable'],
    ['not as Accountable before it', as('ana', 2, request.routedTo), null],
    ['not as Responsible', as('liam', 3, request.routedTo), null],
    ['not with a removed account', as('nora', 2, [stands('nora', 'backup', { active: false })]), null],
    ['not for others', as('x', 3, [stands('nora', 'backup'), stands('zoe', 'owner')]), null],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});
