import type pg from 'pg';
import { currentHead } from '../store/reads';
import type { Doorkeeper } from './doorkeeper';
import type { RulesKeeper } from './rules-keeper';
import type { Committer } from '@/lib/ledger/service';
import type { OutsideGuard } from '@/lib/ledger/service/guard';

/** What /readyz says. `why` lists everything that keeps the gateway from deciding; empty when it decides. `locked`: people have to look first. */
export type Readiness = { ready: boolean; locked: boolean; epoch: number; head: number; partition_months_ahead: number; why: string[] };

const answerMsMax = 900;

/** readiness asks every part that a decision needs whether it would work now. Never throws; answers within a second. */
export async function readiness(parts: {
  rules: RulesKeeper;
  committer: Committer;
  guard: OutsideGuard;
  doorkeeper: Doorkeeper;
  reads: pg.Pool;
}): Promise<Readiness> {
  const { rules, committer, guard, doorkeeper, reads } = parts;
  const why: string[] = [];
  const locked = guard.locked?.why;
  if (locked !== undefined) why.push(`this gateway is locked: ${locked}`);
  else if (!committer.isUp) why.push(`decisions cannot be recorded: ${committer.why}`);
  if (rules.snapshot.unreadable !== undefined) why.push(rules.snapshot.unreadable);
  if (!doorkeeper.canSign(new Date())) why.push('there is no key to sign tokens with');
  let timer: NodeJS.Timeout | undefined;
  const head = await Promise.race([
    currentHead(reads).catch(() => undefined),
    new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), answerMsMax);
    }),
  ]);
  clearTimeout(timer);
  if (!head) why.push('the database does not answer');
  else if (head.monthsAhead < 0) why.push('the ledger has no partition for this month');
  else if (!head.takesWrites) why.push('the database is read-only');
  return {
    ready: why.length === 0,
    locked: locked !== undefined,
    epoch: rules.snapshot.rules.epoch,
    head: head?.seq ?? 0,
    partition_months_ahead: head?.monthsAhead ?? -1,
    why,
  };
}
