import { newId } from '@/lib/kernel/ids';
import type { Divergence } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, findUser, lockActor, type PersonActor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { whyNotResume, type SignRefusal } from '../domain';
import { aliveMs, Reason, type AskedCheckpoint, type LockedGateway, type Resumption } from '../schema';
import { listLocked } from '../store/gateways';
import * as store from '../store/resumptions';

/** lockedGateways answers the gateways that live and decide nothing, each with why and, once it knows, what its database lacks: what every page warns of. */
export const lockedGateways = (): Promise<LockedGateway[]> => listLocked(prisma(), new Date(Date.now() - aliveMs));

/** `already`: this person had asked for the same checkpoint before; nothing was written. */
export type AskResumptionOutcome =
  { ok: true; resumption: Resumption; already: boolean } | Refused<'NOT_ALLOWED' | 'NOT_LOCKED' | 'ALREADY_RESUMED'>;

/**
 * askResumption asks a second person to let gateways go on from a database that differs from what was handed outside, as `divergence` says (found by a
 * gateway or at the command line; gateways compare the checkpoint themselves). The reason is kept encrypted beside the ledger. Throws when there is none.
 */
export function askResumption(actor: PersonActor, { divergence, reason }: Asking): Promise<AskResumptionOutcome> {
  const { outside, kept, head, refused } = divergence;
  const why = Reason.parse(reason);
  return actAs(actor, 'ledger:resume', async (tx): Promise<AskResumptionOutcome> => {
    const earlier = await store.lockResumptions(tx, BigInt(outside.size), outside.root);
    if (earlier.some(({ signedAt }) => signedAt !== null)) return { ok: false, code: 'ALREADY_RESUMED' };
    const id = newId('rsm');
    const written = await store.insertResumption(tx, {
      id,
      outsideOrigin: outside.origin,
      outsideSize: BigInt(outside.size),
      outsideRoot: outside.root,
      keptSize: BigInt(kept.size),
      headSize: BigInt(head.size),
      refused,
      askedBy: actor.id,
      askedAsOperator: actor.type === 'operator',
      reason: why,
    });
    const [mine] = (await store.lockResumptions(tx, BigInt(outside.size), outside.root)).filter(({ askedBy }) => askedBy === actor.id);
    if (!mine) throw new Error('what was asked cannot be read');
    if (!written) return { ok: true, resumption: mine, already: true };
    await appendEvent(tx, {
      kind: 'resumption.asked',
      actor,
      subject: { type: 'resumption', id },
      data: factsOf(mine),
      sealed: { text: why },
    });
    return { ok: true, resumption: mine, already: false };
  });
}

type Asking = { divergence: Divergence; reason: string };

/** askResumptionShown is askResumption for the checkpoint that people were shown; NOT_LOCKED when no gateway that lives is locked by it, or none knows yet what is kept. */
export async function askResumptionShown(actor: PersonActor, shown: AskedCheckpoint & { reason: string }): Promise<AskResumptionOutcome> {
  const seen = (await lockedGateways()).map(({ divergence }) => divergence);
  const divergence = seen.find((one) => one?.outside.size === shown.size && one.outside.root === shown.root);
  return divergence ? askResumption(actor, { divergence, reason: shown.reason }) : { ok: false, code: 'NOT_LOCKED' };
}

export type SignResumptionOutcome = { ok: true; resumption: Resumption } | Refused<'NOT_FOUND' | SignRefusal>;

/**
 * signResumption lets gateways go on: those that are locked by exactly this checkpoint decide again within two seconds. SAME_PERSON: it takes a second
 * person, whatever account they use. ASKER_GONE: who asked has left or lost the role, so somebody else asks first. OPERATOR_TWICE: one of the two signs in.
 * Throws when there is no reason.
 */
export function signResumption(actor: PersonActor, input: { id: string; reason: string }): Promise<SignResumptionOutcome> {
  const reason = Reason.parse(input.reason);
  return actAs(actor, 'ledger:resume', async (tx, doer): Promise<SignResumptionOutcome> => {
    const found = await store.findResumption(tx, input.id);
    if (!found) return { ok: false, code: 'NOT_FOUND' };
    const all = await store.lockResumptions(tx, found.outsideSize, found.outsideRoot);
    const signed = all.some(({ signedAt }) => signedAt !== null);
    // Held until the commit, so that nobody signs with the word of somebody who is being removed.
    await lockActor(tx, found.askedBy);
    const refusal = whyNotResume(
      found,
      signed,
      await findUser(found.askedBy, tx),
      doer && { ...doer, asOperator: actor.type === 'operator' },
    );
    if (refusal) return { ok: false, code: refusal };
    if (!(await store.signResumptionRow(tx, found.id, actor.id, reason))) return { ok: false, code: 'ALREADY_RESUMED' };
    await appendEvent(tx, {
      kind: 'resumption.signed',
      actor,
      subject: { type: 'resumption', id: found.id },
      data: { ...factsOf(found), asked_by: found.askedBy },
      sealed: { text: reason },
    });
    return { ok: true, resumption: { ...found, signedBy: actor.id, signedAt: new Date(), signedReason: reason } };
  });
}

/** What stands in the ledger for ever: the verifier and the signer of checkpoints read it there. */
function factsOf({ outsideOrigin, outsideSize, outsideRoot, keptSize, headSize, refused }: Resumption): Record<string, string> {
  return {
    outside_origin: outsideOrigin,
    outside_size: outsideSize.toString(),
    outside_root: outsideRoot,
    kept_size: keptSize.toString(),
    head_size: headSize.toString(),
    refused,
  };
}

/** listResumptions answers what was asked and signed, newest first. */
export const listResumptions = (): Promise<Resumption[]> => store.listResumptions(prisma());
