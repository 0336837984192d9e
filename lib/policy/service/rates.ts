import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { appendEvent } from '@/lib/ledger/service';
import { inTransaction, type SystemActor } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { RateTable } from '../schema';
import * as store from '../store';

/** publishRates puts a dated rate table in force; the latest date counts. One of the same base and date is replaced. Throws when `input` is not a RateTable. */
export function publishRates(actor: SystemActor, input: RateTable): Promise<void> {
  const table = RateTable.parse(input);
  return inTransaction(async (tx) => {
    await store.upsertRates(tx, table);
    const data = { base: table.base, as_of: table.asOf, document: formatDigest(sha256(canonicalJson(table))) };
    await appendEvent(tx, { kind: 'rates.published', actor, subject: { type: 'rates', id: 'rates' }, data });
  });
}

/** findRates answers the rate table in force, or undefined. */
export const findRates = (): Promise<RateTable | undefined> => store.findLatestRates(prisma());
