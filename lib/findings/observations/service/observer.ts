import type pg from 'pg';
import { Tallies } from '../domain';
import { observationKinds, type Noticed, type ObservationKind } from '../schema';
import { countNoticed } from '../store';

export type ObserverOptions = {
  db: pg.Pool;
  /** How often counts are written; five seconds unless given. */
  everyMs?: number | undefined;
  /** Told of counts that were lost: more names than one gateway holds, or a database that did not answer. */
  onLost?: (lost: number, why: string) => void;
};

const everyMsDefault = 5_000;

/**
 * Observer counts what a gateway notices beside decisions and writes it every few seconds and at its end. Not the ledger: what a crash or an absent
 * database loses is counts. On the path of a check it is one increment.
 */
export class Observer {
  private readonly tallies = Object.fromEntries(observationKinds.map((kind) => [kind, new Tallies(kind)])) as Record<
    ObservationKind,
    Tallies
  >;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: ObserverOptions) {}

  /** start begins to write what is noticed. */
  start(): void {
    this.timer = setInterval(() => void this.flush(), this.options.everyMs ?? everyMsDefault);
    this.timer.unref();
  }

  /** noticed counts one pair. Never throws, never waits. */
  noticed(kind: ObservationKind, subject: string, value: string, count = 1): void {
    this.tallies[kind].add(subject, value, count);
  }

  /** flush writes what was noticed up to now, after any write before it. Never throws. */
  flush(): Promise<void> {
    return (this.writing = this.writing.then(() => this.write()));
  }

  /** close writes the rest. */
  close(): Promise<void> {
    clearInterval(this.timer);
    return this.flush();
  }

  private async write(): Promise<void> {
    const noticed: Noticed[] = [];
    for (const kind of observationKinds) {
      const tallies = this.tallies[kind];
      if (tallies.dropped > 0) this.options.onLost?.(tallies.dropped, `more of ${kind} than is held`);
      noticed.push(...tallies.drain());
    }
    if (noticed.length === 0) return;
    try {
      const counted = await countNoticed(this.options.db, noticed);
      if (counted < noticed.length) this.options.onLost?.(noticed.length - counted, 'the table has no room for more names');
    } catch (error) {
      this.options.onLost?.(noticed.length, error instanceof Error ? error.message : String(error));
    }
  }
}
