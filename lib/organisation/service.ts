import { randomBytes } from 'node:crypto';
import { sameBytes, sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, hashPassword, insertAccount, type Actor, type Refused, type SystemActor } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { whyNotLeave, type LeaveRefusal } from './domain';
import { Claim } from './schema';
import * as store from './store';

const setup: SystemActor = { type: 'system', id: 'setup' };
const subject = { type: 'organisation', id: 'organisation' } as const;
const tokenBytes = 24;

export type ClaimOutcome =
  { ok: true; userId: string } | Refused<'NOT_FOUND' | 'TOKEN_WRONG' | 'NOT_ALLOWED' | 'EMAIL_TAKEN' | 'OWN_ROLES'>;

/**
 * claimInstallation makes the first administrator of an installation without people and names its organisation, in one commit: of several who try,
 * one. NOT_FOUND once there is somebody. Throws when `input` is not a Claim.
 */
export async function claimInstallation(input: Claim): Promise<ClaimOutcome> {
  const { token, organisation, password, name, email } = Claim.parse(input);
  const hash = sha256(token);
  // Before the work of hashing a password, which a stranger must not be able to ask for.
  const wanted = await store.findClaimable(prisma());
  if (!wanted) return { ok: false, code: 'NOT_FOUND' };
  if (!sameBytes(Buffer.from(wanted), hash)) return { ok: false, code: 'TOKEN_WRONG' };
  const passwordHash = await hashPassword(password);
  return actAs(setup, 'people:manage', async (tx): Promise<ClaimOutcome> => {
    if ((await store.claimOrganisation(tx, hash, organisation)) !== 1) return { ok: false, code: 'NOT_FOUND' };
    const account = { id: newId('usr'), personId: newId('per'), email, name, roles: ['admin' as const] };
    const made = await insertAccount(tx, { actor: setup, doer: undefined }, account, passwordHash);
    if (!made.ok) throw new Error('the first account of an empty installation could not be made');
    await appendEvent(tx, {
      kind: 'organisation.changed',
      actor: setup,
      subject,
      data: { claimed_by: account.id },
      sealed: { text: organisation },
    });
    return { ok: true, userId: account.id };
  });
}

export type LeaveOutcome = { ok: true; token: string } | Refused<'NOT_ALLOWED' | LeaveRefusal>;

/**
 * leaveSample asks the start command to leave the sample: it drops the sample's database and begins an empty one, whose first administrator is
 * whoever has the token in this answer.
 */
export function leaveSample(actor: Actor): Promise<LeaveOutcome> {
  const token = randomBytes(tokenBytes).toString('base64url');
  return actAs(actor, 'organisation:manage', async (tx): Promise<LeaveOutcome> => {
    const refusal = whyNotLeave(await store.findOrganisation(tx));
    if (refusal) return { ok: false, code: refusal };
    if ((await store.claimLeave(tx, actor.id, sha256(token))) !== 1) return { ok: false, code: 'LEAVING_ALREADY' };
    await appendEvent(tx, { kind: 'organisation.changed', actor, subject, data: { leaves_sample: true } });
    return { ok: true, token };
  });
}
