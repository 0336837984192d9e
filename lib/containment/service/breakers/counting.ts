import type pg from 'pg';
import { newId } from '@/lib/kernel/ids';
import { decimalUnits, formatUnits } from '@/lib/kernel/money';
import type { BreakerPlan } from '@/lib/policy/domain';
import { whyOpen, windowsOf } from '../../domain';
import { countBreakers, openBreaker, type Asked, type Total } from '../../store/breaker-counts';

/** What a gateway's rules say of an agent and an action: when its breaker opens, the base currency, and whether it is open already. */
export type BreakerRules = { plan: BreakerPlan; base: string; isOpen: boolean };

export type BreakersOptions = {
  /** A connection of its own, with the gateway's rights: nothing that a check waits for stands behind it. */
  db: pg.Pool;
  /** Answers by the rules in memory; undefined for an agent that is not known any more. */
  rulesOf: (agent: string, action: string) => BreakerRules | undefined;
  /** How often counts are written; a second unless given. */
  everyMs?: number | undefined;
  onOpened?: (agent: string, action: string, cause: string) => void;
  /** Told of counts that could not be written yet, or of more pairs than are held. */
  onTrouble?: (why: string) => void;
};

/** A decision that counts. `opening`: 0, or when the breaker had opened that is half-open. `spend`: money that goes ahead, a decimal in the base currency. */
export type Decided = { agent: string; action: string; opening: number; refused: boolean; spend: string | undefined };

type Tally = {
  agent: string;
  action: string;
  opening: number;
  checks: number;
  refused: number;
  succeeded: number;
  failed: number;
  spend: bigint;
};

const everyMsDefault = 1_000;
/** Pairs of agent and action held between two writes; more are not counted. */
export const pairsMax = 10_000;
/** Pairs written with one statement. */
const chunk = 1_000;

/**
 * Breakers counts what becomes of each agent's calls of each action type, writes it every second, hears what all gateways counted, and opens what
 * reached a threshold. On the path of a check it is an increment. A crash loses a second of counts; while the database is away they are kept. It never
 * closes anything.
 */
export class Breakers {
  private tallies = new Map<string, Map<string, Tally>>();
  /** What was tried while half-open, by agent, action and opening: a few checks, not thousands a second. */
  private tried = new Map<string, Tally>();
  private held = 0;
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: BreakersOptions) {}

  /** start begins to write what is counted. */
  start(): void {
    this.timer = setInterval(() => void this.flush(), this.options.everyMs ?? everyMsDefault);
    this.timer.unref();
  }

  /** decided counts one decision. Never throws, never waits. */
  decided({ agent, action, opening, refused, spend }: Decided): void {
    const tally = this.tallyOf(agent, action, opening);
    if (!tally) return;
    tally.checks += 1;
    if (refused) tally.refused += 1;
    if (spend !== undefined) tally.spend += decimalUnits(spend) ?? 0n;
  }

  /** reported counts what an agent said an action did. What did not wholly succeed, or nobody knows, did not. */
  reported(agent: string, action: string, succeeded: boolean): void {
    const tally = this.tallyOf(agent, action, 0);
    if (!tally) return;
    if (succeeded) tally.succeeded += 1;
    else tally.failed += 1;
  }

  /** flush writes what was counted up to now, after any write before it. Never throws. */
  flush(): Promise<void> {
    return (this.writing = this.writing.then(() => this.write()));
  }

  /** close writes the rest. */
  close(): Promise<void> {
    clearInterval(this.timer);
    return this.flush();
  }

  private tallyOf(agent: string, action: string, opening: number): Tally | undefined {
    if (opening !== 0) {
      const name = JSON.stringify([agent, action, opening]);
      return this.tried.get(name) ?? this.hold(agent, action, opening, (fresh) => this.tried.set(name, fresh));
    }
    const ofAgent = this.tallies.get(agent);
    return (
      ofAgent?.get(action) ??
      this.hold(agent, action, 0, (fresh) => (ofAgent ? ofAgent.set(action, fresh) : this.tallies.set(agent, new Map([[action, fresh]]))))
    );
  }

  private hold(agent: string, action: string, opening: number, keep: (fresh: Tally) => unknown): Tally | undefined {
    if (this.held >= pairsMax) {
      this.dropped += 1;
      return undefined;
    }
    this.held += 1;
    const fresh: Tally = { agent, action, opening, checks: 0, refused: 0, succeeded: 0, failed: 0, spend: 0n };
    keep(fresh);
    return fresh;
  }

  private async write(): Promise<void> {
    if (this.dropped > 0) this.options.onTrouble?.(`${this.dropped} decisions or outcomes were not counted: too many pairs at once`);
    const counted = [...[...this.tallies.values()].flatMap((ofAgent) => [...ofAgent.values()]), ...this.tried.values()];
    this.tallies = new Map();
    this.tried = new Map();
    this.held = 0;
    this.dropped = 0;
    for (let from = 0; from < counted.length; from += chunk) {
      const some = counted.slice(from, from + chunk);
      try {
        await this.judge(some, await this.count(some));
      } catch (error) {
        this.options.onTrouble?.(error instanceof Error ? error.message : String(error));
      }
    }
  }

  private async count(some: readonly Tally[]): Promise<Total[]> {
    const asked: Asked[] = some.flatMap(({ agent, action, opening }) => {
      const rules = opening === 0 ? this.options.rulesOf(agent, action) : undefined;
      return rules && !rules.isOpen ? windowsOf(rules.plan).map((seconds) => ({ agent, action, seconds })) : [];
    });
    try {
      return await countBreakers(
        this.options.db,
        some.map((tally) => ({ ...tally, spend: formatUnits(tally.spend, 0) })),
        asked,
      );
    } catch (error) {
      // Kept for the next time: nothing was written, or the server's own limit is shorter than ours and took it back.
      for (const tally of some) this.putBack(tally);
      throw error;
    }
  }

  private putBack(counted: Tally): void {
    const tally = this.tallyOf(counted.agent, counted.action, counted.opening);
    if (!tally) return;
    tally.checks += counted.checks;
    tally.refused += counted.refused;
    tally.succeeded += counted.succeeded;
    tally.failed += counted.failed;
    tally.spend += counted.spend;
  }

  private async judge(some: readonly Tally[], totals: readonly Total[]): Promise<void> {
    const known = new Map(totals.map((total) => [JSON.stringify([total.agent, total.action, total.seconds]), total]));
    for (const { agent, action, opening } of some) {
      const rules = opening === 0 ? this.options.rulesOf(agent, action) : undefined;
      if (!rules || rules.isOpen) continue;
      const why = whyOpen(rules.plan, (seconds) => known.get(JSON.stringify([agent, action, seconds])), rules.base);
      if (!why) continue;
      try {
        if (await openBreaker(this.options.db, newId('evt'), { agent, action, ...why })) this.options.onOpened?.(agent, action, why.cause);
      } catch (error) {
        // Looked at again with the next write, even if the agent asks for nothing more.
        this.tallyOf(agent, action, 0);
        throw error;
      }
    }
  }
}
