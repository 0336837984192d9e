import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { appendEvent } from '@/lib/ledger/service';
import { inTransaction, type Refused, type SystemActor } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { Policy, RateTable } from './schema';
import * as store from './store';

export type PublishOutcome =
  { ok: true; policy: Policy; replaces: number | undefined } | (Refused<'VERSION_NOT_NEXT'> & { latest: number });

/**
 * publishPolicy puts one version of a policy in force and retires the one before it, in one commit; every gateway decides by it from then on.
 * Versions only count up. Only Countersign itself publishes in this version: a person's change needs a second person's review first. Throws when
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
    const data = {
      version: policy.version,
      ...(replaces === undefined ? {} : { replaces }),
      document: formatDigest(sha256(canonicalJson(policy))),
    };
    await appendEvent(tx, { kind: 'policy.published', actor, subject: { type: 'policy', id: policy.id }, data });
    return { ok: true, policy, replaces };
  });
}

/** retirePolicy takes a policy out of force without a successor. */
export function retirePolicy(actor: SystemActor, id: string): Promise<{ ok: true; version: number } | Refused<'NOT_ACTIVE'>> {
  return inTransaction(async (tx): Promise<{ ok: true; version: number } | Refused<'NOT_ACTIVE'>> => {
    await store.lockPolicy(tx, id);
    const version = await store.retireActive(tx, id);
    if (version === undefined) return { ok: false, code: 'NOT_ACTIVE' };
    await appendEvent(tx, { kind: 'policy.retired', actor, subject: { type: 'policy', id }, data: { version } });
    return { ok: true, version };
  });
}

/** publishRates puts a dated rate table in force; the latest date counts. One of the same base and date is replaced. Throws when `input` is not a RateTable. */
export function publishRates(actor: SystemActor, input: RateTable): Promise<void> {
  const table = RateTable.parse(input);
  return inTransaction(async (tx) => {
    await store.upsertRates(tx, table);
    const data = { base: table.base, as_of: table.asOf, document: formatDigest(sha256(canonicalJson(table))) };
    await appendEvent(tx, { kind: 'rates.published', actor, subject: { type: 'rates', id: 'rates' }, data });
  });
}

/** listActivePolicies answers every policy in force, in id order. */
export const listActivePolicies = (): Promise<Policy[]> => store.listActive(prisma());
/** findPolicyVersion answers one version, whatever became of it, as decisions name it. */
export const findPolicyVersion = (id: string, version: number): Promise<Policy | undefined> => store.findVersion(prisma(), id, version);
/** findRates answers the rate table in force, or undefined. */
export const findRates = (): Promise<RateTable | undefined> => store.findLatestRates(prisma());
