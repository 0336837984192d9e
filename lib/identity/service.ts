import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { webEnv } from '@/lib/platform/env';
import { sealingKeyFrom } from '@/lib/platform/secrets';
import { findAgent } from '@/lib/registry/service';
import { newSecret, newSigningKey, planRotation } from './domain';
import { credentialDaysDefault, credentialDaysMax, rotationOverlapSeconds, type Credential } from './schema';
import * as store from './store';

/** What is shown once: nobody can read the secret again. */
export type NewCredential = { ok: true; credential: Credential; secret: string };
export type IssueOutcome = NewCredential | Refused<'NOT_ALLOWED' | 'AGENT_UNKNOWN' | 'AGENT_ENDED'>;

/** issueCredential gives an agent a secret of its own, 90 days unless said otherwise (1 to 365). The secret is in the answer and nowhere else. */
export async function issueCredential(actor: Actor, agentId: string, days: number = credentialDaysDefault): Promise<IssueOutcome> {
  if (!Number.isInteger(days) || days < 1 || days > credentialDaysMax)
    throw new RangeError(`a credential lives 1 to ${credentialDaysMax} days`);
  return actAs(actor, 'credentials:manage', async (tx): Promise<IssueOutcome> => {
    const agent = await findAgent(agentId, tx);
    if (!agent) return { ok: false, code: 'AGENT_UNKNOWN' };
    if (agent.status === 'decommissioned' || agent.status === 'rejected') return { ok: false, code: 'AGENT_ENDED' };
    return issue(tx, actor, agentId, days, {});
  });
}

async function issue(tx: Tx, actor: Actor, agentId: string, days: number, data: Record<string, string>): Promise<NewCredential> {
  const { secret, secretHash, hint } = newSecret();
  const credential = await store.insertCredential(tx, { id: newId('crd'), agentId, secretHash, hint, days });
  const said = { credential: credential.id, expires_at: credential.expiresAt.toISOString(), ...data };
  await appendEvent(tx, { kind: 'credential.issued', actor, subject: { type: 'agent', id: agentId }, data: said });
  return { ok: true, credential, secret };
}

export type RotateOutcome = NewCredential | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOT_USABLE'>;

/** rotateCredential issues the secret that replaces this one, which ends a day later at the latest. NOT_USABLE when it was revoked or is over. */
export function rotateCredential(actor: Actor, credentialId: string, days: number = credentialDaysDefault): Promise<RotateOutcome> {
  if (!Number.isInteger(days) || days < 1 || days > credentialDaysMax)
    throw new RangeError(`a credential lives 1 to ${credentialDaysMax} days`);
  return actAs(actor, 'credentials:manage', async (tx): Promise<RotateOutcome> => {
    const old = await store.lockCredential(tx, credentialId);
    if (!old) return { ok: false, code: 'NOT_FOUND' };
    if (!(await store.isUsableNow(tx, credentialId))) return { ok: false, code: 'NOT_USABLE' };
    await store.shortenCredential(tx, credentialId, rotationOverlapSeconds);
    return issue(tx, actor, old.agentId, days, { replaces: credentialId });
  });
}

/** revokeCredential ends a secret and, at its commit, every token it brought. */
export function revokeCredential(
  actor: Actor,
  credentialId: string,
): Promise<{ ok: true } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_REVOKED'>> {
  return actAs(actor, 'credentials:manage', async (tx): Promise<{ ok: true } | Refused<'NOT_FOUND' | 'ALREADY_REVOKED'>> => {
    const credential = await store.lockCredential(tx, credentialId);
    if (!credential) return { ok: false, code: 'NOT_FOUND' };
    if (!(await store.revokeCredentialRow(tx, credentialId))) return { ok: false, code: 'ALREADY_REVOKED' };
    await appendEvent(tx, {
      kind: 'credential.revoked',
      actor,
      subject: { type: 'agent', id: credential.agentId },
      data: { credential: credentialId },
    });
    return { ok: true };
  });
}

/** listCredentials answers an agent's credentials, oldest first, without anything secret. */
export const listCredentials = (agentId: string): Promise<Credential[]> => store.listCredentials(prisma(), agentId);

export type RotateKeyOutcome =
  { ok: true; kid: string; signsFrom: Date } | Refused<'NOT_ALLOWED'> | (Refused<'ROTATION_RUNNING'> & { signsFrom: Date });

/**
 * rotateSigningKey publishes the next key. It signs once every copy of the key set can be that new (the first key signs at once); the old one
 * verifies until its last token is over. ROTATION_RUNNING while an earlier one waits for its turn. `now` is this server's clock.
 */
export function rotateSigningKey(actor: Actor, now: Date = new Date()): Promise<RotateKeyOutcome> {
  const sealing = sealingKeyFrom(webEnv().MASTER_KEY_FILE, 'signing-keys');
  return actAs(actor, 'keys:rotate', async (tx): Promise<RotateKeyOutcome> => {
    await store.lockSigningKeys(tx);
    const plan = planRotation(await store.listSigningKeys(tx), now);
    if (!plan.ok) return { ok: false, code: 'ROTATION_RUNNING', signsFrom: plan.signsFrom };
    const { kid, publicJwk, privateSealed } = newSigningKey(sealing);
    await store.insertSigningKey(tx, { kid, publicJwk, privateSealed, signsFrom: plan.signsFrom });
    for (const key of plan.retire) await store.retireSigningKey(tx, key);
    const data = { signs_from: plan.signsFrom.toISOString(), retires: plan.retire.map((key) => key.kid) };
    await appendEvent(tx, { kind: 'key.rotated', actor, subject: { type: 'key', id: kid }, data });
    return { ok: true, kid, signsFrom: plan.signsFrom };
  });
}

/** listSigningKeys answers when each key signs and verifies, oldest first; nothing secret. */
export async function listSigningKeys(): Promise<{ kid: string; signsFrom: Date; signsUntil: Date | null; verifiesUntil: Date | null }[]> {
  const keys = await store.listSigningKeys(prisma());
  return keys.map(({ kid, signsFrom, signsUntil, verifiesUntil }) => ({ kid, signsFrom, signsUntil, verifiesUntil }));
}
