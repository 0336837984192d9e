import { appendEvent } from '@/lib/ledger/service';
import type { PersonActor, User } from '@/lib/people/schema';
import { findUserByEmail, inTransaction, lockActor, type Tx } from '@/lib/people/service';
import { decideApproval } from '../domain';
import type { Approve, DecideRefusalCode, PersonVerdict, Refusal, Reject } from '../schema';
import { claimVerdict, findApproval, holdRouting, type ApprovalRow } from '../store';
import { refusalOf } from './refusals';

export type DecideOutcome = { ok: true; status: 'approved' | 'rejected' } | { ok: false; refusal: Refusal };

/** approveRequest approves exactly the action of this digest, once, until its deadline. */
export function approveRequest(actor: PersonActor, id: string, body: Approve): Promise<DecideOutcome> {
  return decideRequest(actor, id, {
    verdict: 'approved',
    digest: body.digest,
    ...(body.reason === undefined ? {} : { reason: body.reason }),
  });
}

/** rejectRequest refuses it; the code reaches the agent, the text stays with people. */
export function rejectRequest(actor: PersonActor, id: string, body: Reject): Promise<DecideOutcome> {
  return decideRequest(actor, id, {
    verdict: 'rejected',
    digest: body.digest,
    reasonCode: body.reason_code,
    ...(body.reason === undefined ? {} : { reason: body.reason }),
  });
}

type Settled =
  | { ok: true; status: 'approved' | 'rejected' }
  | { ok: false; code: DecideRefusalCode; approval: ApprovalRow }
  | { ok: false; refusal: Refusal };

const notFound: Settled = { ok: false, refusal: { code: 'NOT_FOUND', text: 'There is no such request.' } };

/**
 * decideRequest writes a person's verdict and its event in one transaction: the person's row first, so that nobody decides after the commit that
 * removed them; then a conditional update that counts, so that of two verdicts one wins and the other hears who was first.
 */
export async function decideRequest(actor: PersonActor, id: string, verdict: PersonVerdict): Promise<DecideOutcome> {
  const settled = await inTransaction(async (tx): Promise<Settled> => {
    const person = await lockActor(tx, actor.id);
    if (!person) return { ok: false, refusal: { code: 'NOT_ALLOWED', text: 'This account is not active.' } };
    return decide(tx, actor, person, id, verdict);
  });
  if (settled.ok || 'refusal' in settled) return settled;
  // The words need people's names, so they are found once the transaction is over: a crowd of them, each holding its connection and waiting for
  // a second one, would wait for each other.
  return { ok: false, refusal: await refusalOf(settled.code, settled.approval) };
}

async function decide(tx: Tx, actor: PersonActor, person: User, id: string, verdict: PersonVerdict): Promise<Settled> {
  const found = await findApproval(tx, id);
  if (!found) return notFound;
  // Read again once nobody can change the matrix, give the agent to another or remove the asker: a verdict is by whom the row names, or who was called
  // and is still what they were called as, for somebody who is still there, when it commits.
  await holdRouting(tx, found);
  const approval = (await findApproval(tx, id)) ?? found;
  const decision = decideApproval(person, approval, verdict, approval.now);
  if (!decision.ok) return { ok: false, code: decision.code, approval };
  const { status, reasonCode, reason } = decision;
  const written = await claimVerdict(tx, { id, status, decidedBy: person.id, reasonCode, reason, digest: approval.digest });
  if (written !== 1) return refusedByRace(tx, id);
  await appendEvent(tx, {
    kind: status === 'approved' ? 'approval.approved' : 'approval.rejected',
    actor,
    subject: { type: 'approval', id },
    data: { decision: approval.decisionId, reason_code: reasonCode },
    ...(reason === null ? {} : { sealed: { text: reason } }),
  });
  return { ok: true, status };
}

// The row changed while this verdict waited for it: what stands there now says why.
async function refusedByRace(tx: Tx, id: string): Promise<Settled> {
  const approval = await findApproval(tx, id);
  if (!approval) return notFound;
  const decided = approval.status !== 'pending' && approval.status !== 'expired';
  return { ok: false, code: decided ? 'ALREADY_DECIDED' : 'EXPIRED', approval };
}

/** decideAs is decideRequest by a named person at the server's command line; NOT_FOUND also when nobody active has the address. */
export async function decideAs(email: string, id: string, verdict: PersonVerdict): Promise<DecideOutcome> {
  const person = await findUserByEmail(email);
  if (!person) return { ok: false, refusal: { code: 'NOT_ALLOWED', text: `Nobody here has the address ${email}.` } };
  return decideRequest({ type: 'operator', id: person.id }, id, verdict);
}
