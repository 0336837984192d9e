import { formatDigest } from '@/lib/kernel/hash';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { User } from '@/lib/people/schema';
import type { ApprovalState, DecideRefusalCode, PersonVerdict, StoredStatus } from '../schema';

/** What a decision on a request turns on. `askerPersonId` is null when the request was made on nobody's behalf, or on that of someone without an account. */
export type DecidableApproval = {
  status: StoredStatus;
  digest: Uint8Array;
  expiresAt: Date;
  processOwnerId: string | null;
  askerPersonId: string | null;
};

/** The instant counts as past: a verdict at the deadline is late. */
const isOver = (approval: Pick<DecidableApproval, 'expiresAt'>, now: Date): boolean => approval.expiresAt <= now;

/** approvalState is where a request stands at `now`, whether or not a job has swept it yet. */
export function approvalState(approval: Pick<DecidableApproval, 'status' | 'expiresAt'>, now: Date): ApprovalState {
  if (approval.status === 'pending') return isOver(approval, now) ? 'expired' : 'waiting';
  if (approval.status === 'approved') return isOver(approval, now) ? 'unused' : 'approved';
  return approval.status;
}

/** mayDecide tells whether this person's roles reach the request: leaders all, process owners those of the processes they own. */
export function mayDecide(person: Pick<User, 'id' | 'roles'>, processOwnerId: string | null): boolean {
  if (!may(person, 'approvals:decide')) return false;
  return !ownProcessOnly(person, 'approvals:decide') || person.id === processOwnerId;
}

/** mayReadArguments tells whether full arguments are shown to this person; process owners see those of the processes they own. */
export function mayReadArguments(person: Pick<User, 'id' | 'roles'>, processOwnerId: string | null): boolean {
  if (!may(person, 'arguments:read')) return false;
  return !ownProcessOnly(person, 'arguments:read') || person.id === processOwnerId;
}

/**
 * whyNotDecide is why this person may not decide this request now, in the order a person would ask; undefined when they may. The same function
 * answers the button and the server.
 */
export function whyNotDecide(
  person: Pick<User, 'id' | 'personId' | 'roles'>,
  approval: DecidableApproval,
  now: Date,
): DecideRefusalCode | undefined {
  if (approval.askerPersonId === person.personId) return 'OWN_REQUEST';
  if (!mayDecide(person, approval.processOwnerId)) return 'NOT_ALLOWED';
  if (approval.status === 'expired') return 'EXPIRED';
  if (approval.status !== 'pending') return 'ALREADY_DECIDED';
  if (isOver(approval, now)) return 'EXPIRED';
  return undefined;
}

/** decideApproval answers a verdict: a refusal, or what to write where the request is still pending. */
export function decideApproval(
  person: Pick<User, 'id' | 'personId' | 'roles'>,
  approval: DecidableApproval,
  verdict: PersonVerdict,
  now: Date,
):
  { ok: false; code: DecideRefusalCode } | { ok: true; status: 'approved' | 'rejected'; reasonCode: string | null; reason: string | null } {
  const refusal = whyNotDecide(person, approval, now);
  if (refusal) return { ok: false, code: refusal };
  if (verdict.digest !== formatDigest(approval.digest)) return { ok: false, code: 'DIGEST_CHANGED' };
  return {
    ok: true,
    status: verdict.verdict,
    reasonCode: verdict.verdict === 'rejected' ? verdict.reasonCode : null,
    reason: verdict.reason ?? null,
  };
}
