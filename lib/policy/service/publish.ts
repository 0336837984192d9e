import { appendEvent } from '@/lib/ledger/service';
import { inTransaction, type Refused, type SystemActor } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { Policy } from '../schema';
import * as store from '../store';
import { documentDigest } from './digests';

export type PublishOutcome =
  { ok: true; policy: Policy; replaces: number | undefined } | (Refused<'VERSION_NOT_NEXT'> & { latest: number });

/**
 * publishPolicy puts one version of a policy in force and retires the one before it, in one commit; every gateway decides by it from then on.
 * Versions only count up. Only for Countersign itself, at set-up: what people change goes through a draft that others sign (signDraft). Throws when
 * `input` is not a Policy.
 */
export function publishPolicy(actor: SystemActor, input: Policy): Promise<PublishOutcome> {
  const policy = Policy.parse(input);
  return inTransaction(async (tx): Promise<PublishOutcome> => {
    await store.lockPolicy(tx, policy.id);
    const latest = await store.findLatestVersion(tx, policy.id);
    if (policy.version <= latest) return { ok: false, code: 'VERSION_NOT_NEXT', latest };
    const replaces = await store.retireActive(tx, policy.id);
    await store.insertActive(tx, policy);
    const data = { version: policy.version, ...(replaces === undefined ? {} : { replaces }), document: documentDigest(policy) };
    await appendEvent(tx, { kind: 'policy.published', actor, subject: { type: 'policy', id: policy.id }, data });
    return { ok: true, policy, replaces };
  });
}

/** retirePolicy takes a policy out of force without a successor. Only for Countersign itself: it drops protection, and no second person is asked. */
export function retirePolicy(actor: SystemActor, id: string): Promise<{ ok: true; version: number } | Refused<'NOT_ACTIVE'>> {
  return inTransaction(async (tx): Promise<{ ok: true; version: number } | Refused<'NOT_ACTIVE'>> => {
    await store.lockPolicy(tx, id);
    const version = await store.retireActive(tx, id);
    if (version === undefined) return { ok: false, code: 'NOT_ACTIVE' };
    await appendEvent(tx, { kind: 'policy.retired', actor, subject: { type: 'policy', id }, data: { version } });
    return { ok: true, version };
  });
}

/** listActivePolicies answers every policy in force, in id order. */
export const listActivePolicies = (): Promise<Policy[]> => store.listActive(prisma());
/** findPolicyVersion answers one version, whatever became of it, as decisions name it. */
export const findPolicyVersion = (id: string, version: number): Promise<Policy | undefined> => store.findVersion(prisma(), id, version);
