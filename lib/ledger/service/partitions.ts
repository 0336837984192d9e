import type pg from 'pg';
import type { Logger } from 'pino';
import { ensureMonths } from '../store/partitions';

const monthsMade = 3;
const monthsAlarm = 1;

/** ensureLedgerMonths makes the ledger's partitions three months ahead; returns how many whole months after this one exist, and alarms below one. */
export async function ensureLedgerMonths(pool: pg.Pool, log: Logger): Promise<number> {
  const ahead = await ensureMonths(pool, monthsMade);
  if (ahead < monthsAlarm)
    log.error({ alarm: 'ledger_partitions', ahead }, 'the ledger has no partition for next month; decisions will stop when it begins');
  return ahead;
}
