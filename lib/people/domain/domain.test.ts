import { describe, expect, it } from 'vitest';
import { attemptKey, guessing, isLive, lockSeconds, samePerson, whyNotDeactivate } from '.';
import { may, ownProcessOnly, permissionsOf } from '../permissions';
import { Email, NewUser, permissions, roles, type Permission, type Role } from '../schema';

const holds = (...given: Role[]) => ({ roles: given });

describe('what a role may', () => {
  it.each<[string, Role, Permission]>([
    ['a process owner decides approvals', 'process_owner', 'approvals:decide'],
    ['a process owner stops an agent', 'process_owner', 'kill:set'],
    ['a leader decides approvals', 'leader', 'approvals:decide'],
    ['a leader releases a halted workflow', 'leader', 'workflow:release'],
    ['a leader lifts a stop', 'leader', 'kill:lift'],
    ['security stops an agent', 'security', 'kill:set'],
    ['security releases a halted workflow', 'security', 'workflow:release'],
    ['security rotates keys', 'security', 'keys:rotate'],
    ['risk publishes policies', 'risk', 'policy:publish'],
    ['an administrator manages people', 'admin', 'people:manage'],
    ['an engineer registers agents', 'engineer', 'agents:register'],
    ['an engineer classifies actions', 'engineer', 'actions:classify'],
    ['an auditor reads full arguments', 'auditor', 'arguments:read'],
    ['everybody reads the ledger', 'engineer', 'ledger:read'],
  ])('%s', (_, role, permission) => {
    expect(may(holds(role), permission)).toBe(true);
  });

  it.each<[string, Role, Permission]>([
    ['an engineer never approves', 'engineer', 'approvals:decide'],
    ['an engineer never activates an agent', 'engineer', 'agents:activate'],
    ['an engineer debugs with redacted arguments', 'engineer', 'arguments:read'],
    ['an engineer does not publish policies', 'engineer', 'policy:publish'],
    ['an engineer does not stop agents', 'engineer', 'kill:set'],
    ['an administrator does not approve', 'admin', 'approvals:decide'],
    ['an administrator does not lift a stop', 'admin', 'kill:lift'],
    ['an administrator does not release a workflow', 'admin', 'workflow:release'],
    ['a process owner does not lift a stop', 'process_owner', 'kill:lift'],
    ['a process owner does not release a workflow', 'process_owner', 'workflow:release'],
    ['a process owner does not resume a suspended agent', 'process_owner', 'agents:resume'],
    ['security does not approve', 'security', 'approvals:decide'],
    ['security does not publish policies', 'security', 'policy:publish'],
    ['security does not manage people', 'security', 'people:manage'],
    ['risk does not approve', 'risk', 'approvals:decide'],
    ['a leader does not manage people', 'leader', 'people:manage'],
    ['a leader does not publish policies', 'leader', 'policy:publish'],
  ])('%s', (_, role, permission) => {
    expect(may(holds(role), permission)).toBe(false);
  });

  it('the auditor changes nothing at all', () => {
    expect(permissionsOf(holds('auditor')).filter((permission) => !permission.endsWith(':read'))).toEqual([]);
  });

  it('nobody without a role may anything', () => {
    for (const permission of permissions) expect(may(holds(), permission), permission).toBe(false);
  });

  it('every permission is held by some role and none by all but reading', () => {
    for (const permission of permissions) {
      const holders = roles.filter((role) => may(holds(role), permission));
      expect(holders.length, permission).toBeGreaterThan(0);
      if (!permission.endsWith(':read')) expect(holders.length, permission).toBeLessThan(roles.length);
    }
  });

  it('a process owner reaches their own processes only, unless another role reaches further', () => {
    expect(ownProcessOnly(holds('process_owner'), 'kill:set')).toBe(true);
    expect(ownProcessOnly(holds('process_owner', 'engineer'), 'kill:set')).toBe(true);
    expect(ownProcessOnly(holds('process_owner', 'security'), 'kill:set')).toBe(false);
    expect(ownProcessOnly(holds('engineer'), 'kill:set')).toBe(false);
  });
});

describe('guessing a password', () => {
  it.each<[number, number]>([
    [1, 0],
    [4, 0],
    [5, 60],
    [6, 120],
    [7, 240],
    [8, 480],
    [9, 900],
    [10, 900],
    [10_000, 900],
  ])('after failure %i of one e-mail locks for %i s', (failures, seconds) => {
    expect(lockSeconds('email', failures)).toBe(seconds);
  });

  it('locks an address later than an e-mail, since an office shares it', () => {
    expect(lockSeconds('address', guessing.failuresFree.email)).toBe(0);
    expect(lockSeconds('address', guessing.failuresFree.address)).toBe(60);
  });

  it('is counted under a name that does not say what was typed', () => {
    const typed = 'hunter2-typed-into-the-wrong-field';
    expect(attemptKey('email', typed)).not.toContain(typed);
    expect(attemptKey('email', 'a')).not.toBe(attemptKey('address', 'a'));
  });
});

describe('a session', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const later = new Date('2026-11-21T10:00:01Z');
  const active = { status: 'active' } as const;

  it('is live while it is open, unexpired and its person active', () => {
    expect(isLive({ endedAt: null, expiresAt: later }, active, now)).toBe(true);
  });

  it.each<[string, Parameters<typeof isLive>[0], Parameters<typeof isLive>[1]]>([
    ['when it was ended', { endedAt: now, expiresAt: later }, active],
    ['in the instant it expires', { endedAt: null, expiresAt: now }, active],
    ['when its person was deactivated', { endedAt: null, expiresAt: later }, { status: 'deactivated' }],
  ])('is over %s', (_, session, user) => {
    expect(isLive(session, user, now)).toBe(false);
  });
});

describe('a person', () => {
  it('is the same under two accounts, and another under another', () => {
    expect(samePerson({ personId: 'per_a' }, { personId: 'per_a' })).toBe(true);
    expect(samePerson({ personId: 'per_a' }, { personId: 'per_b' })).toBe(false);
  });

  it('is removed by another, never by themselves or by another account of theirs', () => {
    expect(whyNotDeactivate('per_a', { personId: 'per_b', status: 'active' })).toBeUndefined();
    expect(whyNotDeactivate('per_a', { personId: 'per_a', status: 'active' })).toBe('OWN_ACCOUNT');
    expect(whyNotDeactivate('per_a', { personId: 'per_b', status: 'deactivated' })).toBe('ALREADY_DEACTIVATED');
  });

  const person = { email: 'Ana@Example.COM ', name: 'Ana Meyer', password: 'a long enough password', roles: ['leader' as const] };

  it('has one account per e-mail, whatever its letters', () => {
    expect(NewUser.parse(person).email).toBe('ana@example.com');
  });

  it.each<[string, object]>([
    ['a password shorter than twelve characters', { password: 'short' }],
    ['an endless password', { password: 'x'.repeat(1025) }],
    ['no role', { roles: [] }],
    ['an unknown role', { roles: ['root'] }],
    ['a name that hides characters', { name: 'Ana\u202eMeyer' }],
    ['no e-mail', { email: 'ana' }],
    ['an e-mail of look-alike letters', { email: 'аna@example.com' }],
  ])('is not created with %s', (_, change) => {
    expect(NewUser.safeParse({ ...person, ...change }).success).toBe(false);
  });

  it('is not found by an e-mail with a line break', () => {
    expect(Email.safeParse('ana@example.com\nbcc@example.com').success).toBe(false);
  });
});
