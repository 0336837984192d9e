import { newId } from '@/lib/kernel/ids';
import { appendEvent, type Reaction } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { webEnv } from '@/lib/platform/env';
import { sealingKeyFrom } from '@/lib/platform/secrets';
import type { Agent } from '@/lib/registry/schema';
import { holdAgent } from '@/lib/registry/service';
import { newSecret, newSigningKey, planRotation } from './domain';
import { NewCredential, Rotation, type Credential, type CredentialAnswer } from './schema';
import * as store from './store';

/** What is shown once: nobody can read the secret again. */
export type IssuedCredential = { ok: true; credential: Credential; secret: string };
export type IssueOutcome = IssuedCredential | Refused<'NOT_ALLOWED' | 'AGENT_UNKNOWN' | 'AGENT_ENDED'>;

/**
 * issueCredential gives an agent a secret of its own, for 90 days unless said otherwise (1 to 365). The secret is in the answer and nowhere else.
 * Never for an agent that has ended. Throws when `input` is not a NewCredential.
 */
export function issueCredential(actor: Actor, agentId: string, input: NewCredential = {}): Promise<IssueOutcome> {
  const wanted = NewCredential.parse(input);
  return actAs(actor, 'credentials:manage', async (tx, doer): Promise<IssueOutcome> => {
    const agent = await holdAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'AGENT_UNKNOWN' };
    if (hasEnded(agent)) return { ok: false, code: 'AGENT_ENDED' };
    return issue(tx, actor, { ...wanted, agentId, createdBy: doer?.id ?? null }, {});
  });
}

const hasEnded = ({ status }: Pick<Agent, 'status'>): boolean => status === 'decommissioned' || status === 'rejected';

type Wanted = { agentId: string; label: string; days: number; createdBy: string | null };

async function issue(tx: Tx, actor: Actor, wanted: Wanted, data: Record<string, string>): Promise<IssuedCredential> {
  const { secret, secretHash, hint } = newSecret();
  const credential = await store.insertCredential(tx, { id: newId('crd'), ...wanted, secretHash, hint });
  const said = { credential: credential.id, expires_at: credential.expiresAt.toISOString(), ...data };
  await appendEvent(tx, { kind: 'credential.issued', actor, subject: { type: 'agent', id: wanted.agentId }, data: said });
  return { ok: true, credential, secret };
}

export type RotateOutcome = IssuedCredential | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOT_USABLE' | 'AGENT_ENDED'>;

/**
 * rotateCredential issues the secret that replaces this one, which ends after the overlap at the latest: a day unless said otherwise, 0 for at once.
 * NOT_USABLE when it was revoked or is over. Throws when `input` is not a Rotation.
 */
export function rotateCredential(actor: Actor, credentialId: string, input: Rotation = {}): Promise<RotateOutcome> {
  const { label, days, overlapSeconds } = Rotation.parse(input);
  return actAs(actor, 'credentials:manage', async (tx, doer): Promise<RotateOutcome> => {
    // The agent first, as whoever ends it does: its row, then its credentials.
    const known = await store.findCredential(tx, credentialId);
    const agent = known && (await holdAgent(tx, known.agentId));
    const old = await store.lockCredential(tx, credentialId);
    if (!old || !agent) return { ok: false, code: 'NOT_FOUND' };
    if (hasEnded(agent)) return { ok: false, code: 'AGENT_ENDED' };
    if (!(await store.isUsableNow(tx, credentialId))) return { ok: false, code: 'NOT_USABLE' };
    await store.shortenCredential(tx, credentialId, overlapSeconds);
    const wanted = { agentId: old.agentId, label: label ?? old.label, days, createdBy: doer?.id ?? null };
    return issue(tx, actor, wanted, { replaces: credentialId });
  });
}

export type RevokeOutcome = { ok: true; agentId: string } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_REVOKED'>;

/** revokeCredential ends a secret and, at its commit, every token it brought. `reason` is kept encrypted beside the ledger. */
export function revokeCredential(actor: Actor, credentialId: string, reason?: string): Promise<RevokeOutcome> {
  return actAs(actor, 'credentials:manage', async (tx): Promise<RevokeOutcome> => {
    const credential = await store.lockCredential(tx, credentialId);
    if (!credential) return { ok: false, code: 'NOT_FOUND' };
    if (!(await store.revokeCredentialRow(tx, credentialId))) return { ok: false, code: 'ALREADY_REVOKED' };
    const { agentId } = credential;
    await appendEvent(tx, {
      kind: 'credential.revoked',
      actor,
      subject: { type: 'agent', id: agentId },
      data: { credential: credentialId },
      ...(reason ? { sealed: { text: reason } } : {}),
    });
    return { ok: true, agentId };
  });
}

/** revokeWithAgent ends every secret of an agent in the commit that decommissions it. */
export const revokeWithAgent: Reaction = async (tx, event) => {
  const agentId = event.subject.id;
  for (const credential of await store.revokeAllOf(tx, agentId))
    await appendEvent(tx, {
      kind: 'credential.revoked',
      actor: event.actor,
      subject: { type: 'agent', id: agentId },
      data: { credential, because: 'AGENT_DECOMMISSIONED' },
    });
};

/** credentialAnswer is a credential as the API says it. */
export const credentialAnswer = ({ createdAt, expiresAt, revokedAt, ...rest }: Credential): CredentialAnswer => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
});

/** findCredential answers one credential without anything secret, or undefined. */
export const findCredential = (id: string): Promise<Credential | undefined> => store.findCredential(prisma(), id);
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
