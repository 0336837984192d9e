import { may } from '@/lib/people/permissions';
import { findUser, type User } from '@/lib/people/service';
import { whyNotResume } from '../domain';
import type { LockPage, Resumption, ResumptionView } from '../schema';
import { listResumptions, lockedGateways } from '../service';

type Reader = Pick<User, 'personId' | 'roles' | 'status'>;

/** readLocks tells which gateways are locked and why, and what people have asked and signed about it, as one of them sees it. */
export async function readLocks(reader: Reader): Promise<LockPage> {
  const [gateways, resumptions] = await Promise.all([lockedGateways(), listResumptions()]);
  const ids = new Set(resumptions.flatMap(({ askedBy, signedBy }) => (signedBy === null ? [askedBy] : [askedBy, signedBy])));
  const people = new Map<string, User>();
  for (const id of ids) {
    const user = await findUser(id);
    if (user) people.set(id, user);
  }
  return {
    gateways: gateways.map((gateway) => ({ ...gateway, seenAt: gateway.seenAt.toISOString() })),
    resumptions: resumptions.map((resumption) => viewOf(resumption, resumptions, people, reader)),
    mayResume: may(reader, 'ledger:resume'),
  };
}

function viewOf(one: Resumption, all: readonly Resumption[], people: ReadonlyMap<string, User>, reader: Reader): ResumptionView {
  const readable = may(reader, 'arguments:read');
  const named = (id: string) => ({ id, name: people.get(id)?.name ?? id });
  const same = all.filter(({ outsideSize, outsideRoot }) => outsideSize === one.outsideSize && outsideRoot === one.outsideRoot);
  const signed = same.some(({ signedAt }) => signedAt !== null);
  return {
    id: one.id,
    refused: one.refused,
    outside: { origin: one.outsideOrigin, size: one.outsideSize.toString(), root: one.outsideRoot },
    keptSize: one.keptSize.toString(),
    headSize: one.headSize.toString(),
    asked: { by: named(one.askedBy), at: one.askedAt.toISOString(), reason: readable ? one.reason : null },
    signed:
      one.signedBy !== null && one.signedAt !== null
        ? { by: named(one.signedBy), at: one.signedAt.toISOString(), reason: readable ? one.signedReason : null }
        : null,
    whyNotSign: whyNotResume(one, signed, people.get(one.askedBy), { ...reader, asOperator: false }) ?? null,
  };
}
