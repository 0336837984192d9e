import type pg from 'pg';
import { newId } from '@/lib/kernel/ids';
import type { Divergence } from '@/lib/ledger/schema';
import { sayAlive } from '../store/gateways';

export type PresenceOptions = {
  /** With the gateway's own rights. */
  db: pg.Pool;
  /** host:port, for people. */
  name: string;
  /** What the calls that wait here wait for, once each, at most so many: so that people see before a stop what it ends. */
  waitedFor?: (limit: number) => readonly string[];
  /** Told once when what it says cannot be recorded, and once when it can again. */
  onState?: (state: 'heard' | 'unheard', why: string) => void;
};

const everyMs = 1_000;
/** Most waiting calls that are told of. */
const waitingMax = 1_000;

/**
 * Presence tells the database that this gateway lives and which epoch it decides by. Called at once when a snapshot was installed, it is the
 * acknowledgement of every change up to there; never on the path of a check. A gateway that cannot be heard goes on deciding: each commit compares the
 * epoch itself, and people see this gateway named as silent.
 */
export class Presence {
  readonly id = newId('gtw');
  private epoch = -1;
  private locked: string | undefined;
  private divergence: Divergence | undefined;
  private timer: NodeJS.Timeout | undefined;
  private saying: Promise<void> | undefined;
  private again = false;
  private heard = true;
  private stopping = false;

  constructor(private readonly options: PresenceOptions) {}

  /** start says so now and every second; resolves when it was said once, or could not be. Nobody asks a gateway before: one that people do not know of cannot be missed. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.say(), everyMs);
    this.timer.unref();
    await this.say();
  }

  /** installed is called when this gateway decides by a snapshot: a load is known to be in force only after it. */
  installed(epoch: number): void {
    this.epoch = epoch;
    if (this.timer) void this.say();
  }

  /** lost is called when the database went away: it may come back as another one, where the same epoch means something else. */
  lost(): void {
    this.epoch = -1;
  }

  /** lock says why this gateway decides nothing, and how its database differs from what was handed outside, once that is known; undefined: it decides. */
  lock(why: string | undefined, divergence?: Divergence): void {
    this.locked = why;
    this.divergence = divergence;
    if (this.timer) void this.say();
  }

  /** close says goodbye. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopping = true;
    await this.saying;
    await this.say();
  }

  // One at a time; what changed while one was under way is said right after it.
  private say(): Promise<void> {
    if (this.saying) {
      this.again = true;
      return this.saying;
    }
    this.saying = this.sayOnce().finally(() => {
      this.saying = undefined;
      if (!this.again) return;
      this.again = false;
      void this.say();
    });
    return this.saying;
  }

  private async sayOnce(): Promise<void> {
    const { id, epoch, locked, divergence, stopping } = this;
    const waiting = stopping ? [] : (this.options.waitedFor?.(waitingMax) ?? []);
    try {
      await sayAlive(this.options.db, { id, name: this.options.name, epoch, locked, divergence, stopping, waiting });
      if (!this.heard) this.options.onState?.('heard', '');
      this.heard = true;
    } catch (error) {
      if (this.heard) this.options.onState?.('unheard', error instanceof Error ? error.message : String(error));
      this.heard = false;
    }
  }
}
