import { formatDigest } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, findUser, lockActor, type PersonActor, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { otherRole, whyNotAsk, whyNotSign, type HaltedFacts } from '../domain';
import {
  NewAuthorisation,
  SignAuthorisation,
  type AskAuthorisationRefusal,
  type Authorisation,
  type SignAuthorisationRefusal,
} from '../schema';
import * as store from '../store/authorisations';
import { releaseHalts } from '../store/halts';
import { readHaltedAction, type HaltedAction } from './halted-actions';

export type AskAuthorisationOutcome = { ok: true; authorisation: Authorisation } | Refused<'NOT_FOUND' | AskAuthorisationRefusal>;

/**
 * askAuthorisation asks a second person to let the one action that a decision halted happen once. It lets nothing happen by itself, and releases
 * nothing. Throws when `input` is not a NewAuthorisation.
 */
export async function askAuthorisation(actor: PersonActor, input: NewAuthorisation): Promise<AskAuthorisationOutcome> {
  const { decision, digest, as, minutes, reason } = NewAuthorisation.parse(input);
  // Read before the transaction: what the ledger says of it never changes, and a crowd of transactions that each wait for a second connection would wait for each other.
  const action = await readHaltedAction(decision);
  return actAs(actor, 'workflow:release', async (tx, doer): Promise<AskAuthorisationOutcome> => {
    const halt = await store.findHalt(tx, decision);
    if (!action || !halt) return { ok: false, code: 'NOT_FOUND' };
    const facts = await holdFacts(tx, action);
    const refusal = whyNotAsk(doer, as, facts, false);
    if (refusal) return { ok: false, code: refusal };
    if (digest !== facts.digest) return { ok: false, code: 'DIGEST_CHANGED' };
    const id = newId('rlr');
    const row = {
      id,
      workflowId: halt.workflowId,
      decisionId: decision,
      agentId: halt.agentId,
      validMinutes: minutes,
      reason,
      askedBy: actor.id,
      askedAs: as,
    };
    if (!(await store.insertAuthorisation(tx, row))) return { ok: false, code: 'ALREADY_ASKED' };
    await appendEvent(tx, {
      kind: 'release.asked',
      actor,
      subject: { type: 'decision', id: decision },
      data: { ...aboutOf(action), request: id, as, valid_minutes: minutes },
      sealed: { text: reason },
    });
    const authorisation = await store.findAuthorisation(tx, id);
    if (!authorisation) throw new Error('what was asked cannot be read');
    return { ok: true, authorisation };
  });
}

export type SignAuthorisationOutcome =
  | { ok: true; authorisation: Authorisation; approvalId: string; expiresAt: Date; released: string[] }
  | Refused<'NOT_FOUND' | SignAuthorisationRefusal>;

/**
 * signAuthorisation is the second person's word: in one commit the workflow goes on, if it is still halted, and an approval of exactly the halted action is
 * made, good once and until its time is over. Throws when `input` is not a SignAuthorisation.
 */
export async function signAuthorisation(actor: PersonActor, id: string, input: SignAuthorisation): Promise<SignAuthorisationOutcome> {
  const { digest, reason } = SignAuthorisation.parse(input);
  const known = await store.findAuthorisation(prisma(), id);
  const action = known && (await readHaltedAction(known.decisionId));
  return actAs(actor, 'workflow:release', async (tx, doer): Promise<SignAuthorisationOutcome> => {
    const request = await store.lockAuthorisation(tx, id);
    if (!request || !action?.digest) return { ok: false, code: request ? 'ARGUMENTS_GONE' : 'NOT_FOUND' };
    // Held until the commit, so that nobody signs with the word of somebody who is being removed.
    await lockActor(tx, request.askedBy);
    const facts = await holdFacts(tx, action);
    const refusal = whyNotSign(request, await findUser(request.askedBy, tx), doer, facts);
    if (refusal) return { ok: false, code: refusal };
    if (digest !== facts.digest) return { ok: false, code: 'DIGEST_CHANGED' };
    const as = otherRole(request.askedAs);
    const approvalId = newId('apr');
    if ((await store.signAuthorisationRow(tx, { id, by: actor.id, as, reason, approvalId })) !== 1) return { ok: false, code: 'NOT_OPEN' };
    const expiresAt = await store.insertApproval(tx, { ...action, requestId: id, digest: action.digest });
    const released = await releaseHalts(tx, request.workflowId, actor.id, reason);
    if (released.length > 0)
      await appendEvent(tx, {
        kind: 'workflow.released',
        actor,
        subject: { type: 'workflow', id: request.workflowId },
        data: { decisions: released, approval: approvalId },
        sealed: { text: reason },
      });
    await appendEvent(tx, {
      kind: 'release.signed',
      actor,
      subject: { type: 'decision', id: request.decisionId },
      data: {
        ...aboutOf(action),
        request: id,
        approval: approvalId,
        digest: facts.digest,
        asked_by: request.askedBy,
        asked_as: request.askedAs,
        signed_as: as,
        expires_at: expiresAt.toISOString(),
      },
      sealed: { text: reason },
    });
    const authorisation = await store.findAuthorisation(tx, id);
    if (!authorisation) throw new Error('what was signed cannot be read');
    return { ok: true, authorisation, approvalId, expiresAt, released };
  });
}

export type WithdrawAuthorisationOutcome = { ok: true; authorisation: Authorisation } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOT_OPEN'>;

/** withdrawAuthorisation takes a question back before anybody signed it: by whoever may ask, since it only narrows. */
export function withdrawAuthorisation(actor: PersonActor, id: string): Promise<WithdrawAuthorisationOutcome> {
  return actAs(actor, 'workflow:release', async (tx): Promise<WithdrawAuthorisationOutcome> => {
    const request = await store.lockAuthorisation(tx, id);
    if (!request) return { ok: false, code: 'NOT_FOUND' };
    if ((await store.withdrawAuthorisation(tx, id)) !== 1) return { ok: false, code: 'NOT_OPEN' };
    const { agentId: agent, workflowId: workflow, decisionId: decision, askedBy } = request;
    await appendEvent(tx, {
      kind: 'release.withdrawn',
      actor,
      subject: { type: 'decision', id: decision },
      data: { agent, workflow, decision, request: id, asked_by: askedBy },
    });
    return { ok: true, authorisation: { ...request, status: 'withdrawn' } };
  });
}

const aboutOf = ({ agentId: agent, processId: process, workflowId: workflow, action, decisionId: decision }: HaltedAction) => ({
  agent,
  process,
  workflow,
  action_type: action,
  decision,
});

// Whoever built the agent, and the account it was asked for, stay as they are until the commit.
async function holdFacts(tx: Tx, action: HaltedAction): Promise<HaltedFacts> {
  const { agent, askedFor } = await store.holdParties(tx, action.agentId, action.asker);
  return {
    authorisable: action.authorisable,
    readable: action.digest !== null,
    digest: action.digest === null ? '' : formatDigest(action.digest),
    agentStatus: agent?.status,
    editors: agent?.editors ?? [],
    askedFor,
    authorised: await store.wasAuthorised(tx, action.decisionId),
  };
}
