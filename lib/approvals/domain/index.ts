import { formatDigest } from '@/lib/kernel/hash';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { User } from '@/lib/people/schema';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import type { ApprovalState, Decider, DecideRefusalCode, PersonVerdict, Routed, StoredStatus } from '../schema';

/** What routes a request: who stands in the Escalation row, and the persons who never decide it. */
export type Routing = {
  routedTo: readonly Routed[];
  /** The person it was made for; null: nobody, or someone without an account. */
  askerPersonId: string | null;
  /** The persons who built the agent. */
  editors: readonly string[];
};

/** What a decision on a request turns on. */
export type DecidableApproval = Routing & { status: StoredStatus; digest: Uint8Array; expiresAt: Date };

/** The instant counts as past: a verdict at the deadline is late. */
const isOver = (approval: Pick<DecidableApproval, 'expiresAt'>, now: Date): boolean => approval.expiresAt <= now;

/** approvalState is where a request stands at `now`, whether or not a job has swept it yet. */
export function approvalState(approval: Pick<DecidableApproval, 'status' | 'expiresAt'>, now: Date): ApprovalState {
  if (approval.status === 'pending') return isOver(approval, now) ? 'expired' : 'waiting';
  if (approval.status === 'approved') return isOver(approval, now) ? 'unused' : 'approved';
  return approval.status;
}

/** routing says of everyone in the Escalation row whether they may sign this request: active, able to sign, and neither its asker nor somebody who built the agent. */
export function routing(request: Routing): (Routed & { may: boolean })[] {
  return request.routedTo.map((routed) => ({
    ...routed,
    may: routed.active && may(routed, 'approvals:decide') && routed.personId !== request.askerPersonId && !hasBuilt(routed, request),
  }));
}

/** decidersOf lists who may sign a request: the Accountable first, then the Responsible by name. */
export function decidersOf(request: Routing): Decider[] {
  return routing(request)
    .filter((routed) => routed.may)
    .map(({ userId, name, how, team }) => ({ id: userId, name, how, team }));
}

type Person = Pick<User, 'personId' | 'roles'>;

/** standsIn tells whether the row names this person, through whichever of their accounts is active. */
const standsIn = (person: Person, request: Pick<Routing, 'routedTo'>): boolean =>
  request.routedTo.some((routed) => routed.active && routed.personId === person.personId);

/** mayDecide tells whether the Escalation row names this person and their roles let them sign. No role reaches a request that is not routed to it. */
export function mayDecide(person: Person, request: Pick<Routing, 'routedTo'>): boolean {
  return may(person, 'approvals:decide') && standsIn(person, request);
}

/**
 * mayReadArguments tells whether full arguments are shown to this person: to the roles that read them, except that a process owner sees only those
 * of processes they own and of requests routed to them.
 */
export function mayReadArguments(person: Person, request: Pick<Routing, 'routedTo'> & { processOwnerPersonId: string | null }): boolean {
  if (!may(person, 'arguments:read')) return false;
  if (!ownProcessOnly(person, 'arguments:read')) return true;
  return person.personId === request.processOwnerPersonId || standsIn(person, request);
}

/**
 * whyNotDecide is why this person may not decide this request now, in the order a person would ask; undefined when they may. The same function
 * answers the button and the server.
 */
export function whyNotDecide(person: Person, approval: DecidableApproval, now: Date): DecideRefusalCode | undefined {
  if (approval.askerPersonId === person.personId) return 'OWN_REQUEST';
  if (hasBuilt(person, approval)) return 'AUTHOR';
  if (!mayDecide(person, approval)) return 'NOT_ALLOWED';
  if (approval.status === 'expired') return 'EXPIRED';
  if (approval.status !== 'pending') return 'ALREADY_DECIDED';
  if (isOver(approval, now)) return 'EXPIRED';
  return undefined;
}

/** decideApproval answers a verdict: a refusal, or what to write where the request is still pending. */
export function decideApproval(
  person: Person,
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
