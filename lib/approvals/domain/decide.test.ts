import { describe, expect, test } from 'vitest';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import type { User } from '@/lib/people/schema';
import { approvalState, decideApproval, mayReadArguments, whyNotDecide, type DecidableApproval } from '.';
import { Reject, type PersonVerdict } from '../schema';

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
const waiting: DecidableApproval = {
  status: 'pending',
  digest,
  expiresAt: new Date(now.getTime() + 1000),
  processOwnerId: 'usr_a',
  askerPersonId: null,
};
const approve: PersonVerdict = { verdict: 'approved', digest: formatDigest(digest) };
const owner = person(['process_owner']);

describe('who may decide a request', () => {
  test.each<[string, User, Partial<DecidableApproval>]>([
    ['the owner of its process', owner, {}],
    ['a leader, whoever owns the process', person(['leader'], { id: 'usr_l' }), {}],
    ['a leader who also owns another process', person(['leader', 'process_owner'], { id: 'usr_l' }), { processOwnerId: 'usr_z' }],
    ['an owner, when it was asked for by somebody else', owner, { askerPersonId: 'per_z' }],
  ])('%s may', (_, user, change) => {
    expect(whyNotDecide(user, { ...waiting, ...change }, now)).toBeUndefined();
  });

  test.each<[string, string, User, Partial<DecidableApproval>]>([
    ['a process owner of another process', 'NOT_ALLOWED', owner, { processOwnerId: 'usr_z' }],
    ['a process owner where no process is known', 'NOT_ALLOWED', owner, { processOwnerId: null }],
    ['a process owner who has lost the role', 'NOT_ALLOWED', person([]), {}],
    ['an auditor', 'NOT_ALLOWED', person(['auditor']), {}],
    ['an engineer, even of their own process', 'NOT_ALLOWED', person(['engineer']), {}],
    ['security', 'NOT_ALLOWED', person(['security']), {}],
    ['an admin who is also risk', 'NOT_ALLOWED', person(['admin', 'risk']), {}],
    ['the person it was asked for', 'OWN_REQUEST', owner, { askerPersonId: 'per_a' }],
    ['the same person through a second account', 'OWN_REQUEST', person(['leader'], { id: 'usr_second' }), { askerPersonId: 'per_a' }],
    ['anyone, once it was approved', 'ALREADY_DECIDED', owner, { status: 'approved' }],
    ['anyone, once it was rejected', 'ALREADY_DECIDED', owner, { status: 'rejected' }],
    ['anyone, once it was used', 'ALREADY_DECIDED', owner, { status: 'used' }],
    ['anyone, once a job let it expire', 'EXPIRED', owner, { status: 'expired' }],
    ['anyone, at its deadline to the millisecond, before any job came', 'EXPIRED', owner, { expiresAt: now }],
  ])('%s may not', (_, code, user, change) => {
    expect(whyNotDecide(user, { ...waiting, ...change }, now)).toBe(code);
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

  test.each<[string, User, string | null, boolean]>([
    ['the owner of the process reads the arguments', owner, 'usr_a', true],
    ['a process owner does not read those of another process', owner, 'usr_z', false],
    ['a leader reads them', person(['leader']), 'usr_z', true],
    ['security reads them', person(['security']), null, true],
    ['an auditor reads them', person(['auditor']), 'usr_z', true],
    ['an engineer does not', person(['engineer']), 'usr_a', false],
    ['an admin does not', person(['admin']), 'usr_a', false],
    ['nobody without a role does', person([]), 'usr_a', false],
  ])('%s', (_, user, processOwner, reads) => {
    expect(mayReadArguments(user, processOwner)).toBe(reads);
  });
});
