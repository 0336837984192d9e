import { describe, expect, test } from 'vitest';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import type { Role, User } from '@/lib/people/schema';
import { approvalState, decideApproval, decidersOf, mayReadArguments, routing, whyNotDecide, type DecidableApproval } from '.';
import { Reject, type PersonVerdict, type Routed } from '../schema';

const now = new Date('2026-11-21T12:00:00Z');
const digest = sha256('the action');
const person = (roles: User['roles'], change: Partial<User> = {}): User => ({
  id: 'usr_a',
  personId: 'per_a',
  email: 'a@example.com',
  name: 'A',
  status: 'active',
  roles,
  ...change,
});
/** Somebody in the Escalation row; `a` unless told otherwise. */
const stands = (how: Routed['how'], roles: Role[], change: Partial<Routed> = {}): Routed => ({
  userId: 'usr_a',
  personId: 'per_a',
  name: 'A',
  email: 'a@example.com',
  roles,
  active: true,
  how,
  team: null,
  ...change,
});
const waiting: DecidableApproval = {
  status: 'pending',
  digest,
  expiresAt: new Date(now.getTime() + 1000),
  routedTo: [stands('accountable', ['process_owner'])],
  askerPersonId: null,
  editors: [],
};
const inTeam = {
  routedTo: [stands('accountable', ['process_owner'], { personId: 'per_z' }), stands('responsible', ['leader'], { team: 'Supervisors' })],
};
const approve: PersonVerdict = { verdict: 'approved', digest: formatDigest(digest) };
const owner = person(['process_owner']);

describe('who may decide a request', () => {
  test.each<[string, User, Partial<DecidableApproval>]>([
    ['whoever is Accountable for its escalation', owner, {}],
    ['a leader who is Responsible for it with a team', person(['leader']), inTeam],
    ['a process owner of another process whom the row names', owner, { routedTo: [stands('responsible', ['process_owner'])] }],
    ['somebody named through their other account', person(['leader'], { id: 'usr_second' }), {}],
    ['an owner, when it was asked for by somebody else', owner, { askerPersonId: 'per_z' }],
    ['an owner, when somebody else built the agent', owner, { editors: ['per_z'] }],
  ])('%s may', (_, user, change) => {
    expect(whyNotDecide(user, { ...waiting, ...change }, now)).toBeUndefined();
  });

  test.each<[string, string, User, Partial<DecidableApproval>]>([
    ['a leader whom the row does not name', 'NOT_ALLOWED', person(['leader'], { personId: 'per_l' }), {}],
    [
      'a process owner whom the row does not name',
      'NOT_ALLOWED',
      owner,
      { routedTo: [stands('accountable', ['process_owner'], { personId: 'per_z' })] },
    ],
    ['anyone where the row names nobody', 'NOT_ALLOWED', owner, { routedTo: [] }],
    [
      'somebody whose named account was removed',
      'NOT_ALLOWED',
      owner,
      { routedTo: [stands('accountable', ['process_owner'], { active: false })] },
    ],
    ['a process owner who has lost the role', 'NOT_ALLOWED', person([]), {}],
    ['an auditor in the row', 'NOT_ALLOWED', person(['auditor']), {}],
    ['an engineer in the row', 'NOT_ALLOWED', person(['engineer']), {}],
    ['security in the row', 'NOT_ALLOWED', person(['security']), {}],
    ['an admin who is also risk, in the row', 'NOT_ALLOWED', person(['admin', 'risk']), {}],
    ['the person it was asked for', 'OWN_REQUEST', owner, { askerPersonId: 'per_a' }],
    ['the same person through a second account', 'OWN_REQUEST', person(['leader'], { id: 'usr_second' }), { askerPersonId: 'per_a' }],
    ['the engineer who built the agent', 'AUTHOR', owner, { editors: ['per_a'] }],
    ['the same engineer through a second account', 'AUTHOR', person(['leader'], { id: 'usr_second' }), { editors: ['per_a'] }],
    ['who asked and built, told first that they asked', 'OWN_REQUEST', owner, { askerPersonId: 'per_a', editors: ['per_a'] }],
    ['who built it, told so before that it was decided', 'AUTHOR', owner, { editors: ['per_a'], status: 'approved' }],
    ['anyone, once it was approved', 'ALREADY_DECIDED', owner, { status: 'approved' }],
    ['anyone, once it was rejected', 'ALREADY_DECIDED', owner, { status: 'rejected' }],
    ['anyone, once it was used', 'ALREADY_DECIDED', owner, { status: 'used' }],
    ['anyone, once it was cancelled', 'ALREADY_DECIDED', owner, { status: 'cancelled' }],
    ['anyone, once a job let it expire', 'EXPIRED', owner, { status: 'expired' }],
    ['anyone, at its deadline to the millisecond, before any job came', 'EXPIRED', owner, { expiresAt: now }],
  ])('%s may not', (_, code, user, change) => {
    expect(whyNotDecide(user, { ...waiting, ...change }, now)).toBe(code);
  });

  test('those who may are named, the Accountable first, without whoever cannot sign, is gone, asked for it or built it', () => {
    const row = (id: string, how: Routed['how'], roles: Role[], change: Partial<Routed> = {}) =>
      stands(how, roles, { userId: `usr_${id}`, personId: `per_${id}`, name: id, ...change });
    const request = {
      ...waiting,
      askerPersonId: 'per_asker',
      editors: ['per_author'],
      routedTo: [
        row('ana', 'accountable', ['process_owner']),
        row('liam', 'responsible', ['leader'], { team: 'Supervisors' }),
        row('emma', 'responsible', ['engineer'], { team: 'Supervisors' }),
        row('gone', 'responsible', ['leader'], { active: false }),
        row('asker', 'responsible', ['leader']),
        row('author', 'responsible', ['leader']),
      ],
    };
    expect(decidersOf(request)).toEqual([
      { id: 'usr_ana', name: 'ana', how: 'accountable', team: null },
      { id: 'usr_liam', name: 'liam', how: 'responsible', team: 'Supervisors' },
    ]);
    expect(routing(request).map(({ may }) => may)).toEqual([true, true, false, false, false, false]);
  });
});

describe('a verdict', () => {
  test('counts for exactly the action that was shown', () => {
    expect(decideApproval(owner, waiting, approve, now)).toEqual({ ok: true, status: 'approved', reasonCode: null, reason: null });
  });

  test.each([
    ['of another action', formatDigest(sha256('another action'))],
    ['with the digest in capitals', formatDigest(digest).toUpperCase()],
    ['with a shortened digest', formatDigest(digest).slice(0, -1)],
    ['without a digest', ''],
  ])('%s decides nothing', (_, seen) => {
    expect(decideApproval(owner, waiting, { verdict: 'approved', digest: seen }, now)).toEqual({ ok: false, code: 'DIGEST_CHANGED' });
    expect(decideApproval(owner, waiting, { verdict: 'rejected', digest: seen, reasonCode: 'OTHER' }, now)).toEqual({
      ok: false,
      code: 'DIGEST_CHANGED',
    });
  });

  test('keeps the named reason of a rejection, and the words', () => {
    const verdict: PersonVerdict = { ...approve, verdict: 'rejected', reasonCode: 'WRONG_AMOUNT', reason: 'It is 26,000.' };
    expect(decideApproval(owner, waiting, verdict, now)).toEqual({
      ok: true,
      status: 'rejected',
      reasonCode: 'WRONG_AMOUNT',
      reason: 'It is 26,000.',
    });
  });

  test.each([
    ['no named reason', { digest: formatDigest(digest) }],
    ['an invented reason', { digest: formatDigest(digest), reason_code: 'BECAUSE' }],
    ['"other" without words', { digest: formatDigest(digest), reason_code: 'OTHER' }],
    ['"other" with white space for words', { digest: formatDigest(digest), reason_code: 'OTHER', reason: '   ' }],
    ['a member nobody knows', { digest: formatDigest(digest), reason_code: 'DUPLICATE', status: 'approved' }],
  ])('that rejects with %s is not taken', (_, body) => {
    expect(Reject.safeParse(body).success).toBe(false);
  });
});

describe('what a person is told of a request', () => {
  test.each<[string, DecidableApproval['status'], number, string]>([
    ['waits before its deadline', 'pending', 1, 'waiting'],
    ['is refused at its deadline, though no job came yet', 'pending', 0, 'expired'],
    ['is approved and usable before its deadline', 'approved', 1, 'approved'],
    ['is approved and can no longer be used after it', 'approved', 0, 'unused'],
    ['stays rejected after it', 'rejected', -1, 'rejected'],
    ['stays used after it', 'used', -1, 'used'],
  ])('it %s', (_, status, leftMs, state) => {
    expect(approvalState({ status, expiresAt: new Date(now.getTime() + leftMs) }, now)).toBe(state);
  });

  const elsewhere = { routedTo: [], processOwnerPersonId: 'per_z' };
  test.each<[string, User, Parameters<typeof mayReadArguments>[1], boolean]>([
    ['the owner of the process reads the arguments', owner, { routedTo: [], processOwnerPersonId: 'per_a' }, true],
    ['a process owner reads those routed to them', owner, { ...waiting, processOwnerPersonId: 'per_z' }, true],
    ['a process owner does not read those of another process', owner, elsewhere, false],
    ['a process owner does not read those of no known process', owner, { routedTo: [], processOwnerPersonId: null }, false],
    ['a leader reads them', person(['leader']), elsewhere, true],
    ['security reads them', person(['security']), elsewhere, true],
    ['an auditor reads them', person(['auditor']), elsewhere, true],
    ['an engineer does not', person(['engineer']), elsewhere, false],
    ['an engineer in the row does not', person(['engineer']), { ...waiting, processOwnerPersonId: null }, false],
    ['an admin does not', person(['admin']), elsewhere, false],
    ['nobody without a role does', person([]), { ...waiting, processOwnerPersonId: 'per_a' }, false],
  ])('%s', (_, user, request, reads) => {
    expect(mayReadArguments(user, request)).toBe(reads);
  });
});
