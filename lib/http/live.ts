import { readHead } from '@/lib/ledger/reading';
import type { Head } from '@/lib/ledger/reading/schema';
import { createLog } from '@/lib/platform/log';

/** How often the one query of this process asks where the ledger stands. */
const pollMs = 500;
/** A head query that takes longer counts as failed: what is shown may be stale. */
const pollTimeoutMs = 2_000;
/** Open event streams of one web process. */
export const listenersMax = 500;

/** What listeners hear: the head when it moves, and that the ledger cannot be read (once, until it can again). */
export type LiveEvent = { type: 'head'; head: Head } | { type: 'stale' };
type Listener = (event: LiveEvent) => void;

/** One query a process, fanned out to every open page; it runs only while someone listens. */
class LiveHub {
  private readonly listeners = new Set<Listener>();
  private last: LiveEvent | undefined;
  private timer: NodeJS.Timeout | undefined;
  private polling = false;

  /** Answers undefined when there are too many listeners. The latest state is told at once. */
  listen(listener: Listener): (() => void) | undefined {
    if (this.listeners.size >= listenersMax) return undefined;
    this.listeners.add(listener);
    if (this.last) listener(this.last);
    if (!this.polling) void this.poll();
    return () => this.listeners.delete(listener);
  }

  private async poll(): Promise<void> {
    this.polling = true;
    const event = await this.ask();
    if (!same(event, this.last)) {
      this.last = event;
      for (const listener of this.listeners) listener(event);
    }
    if (this.listeners.size === 0) {
      this.polling = false;
      this.last = undefined;
      return;
    }
    this.timer = setTimeout(() => void this.poll(), pollMs);
    this.timer.unref();
  }

  private async ask(): Promise<LiveEvent> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the head query took too long')), pollTimeoutMs);
    });
    try {
      return { type: 'head', head: await Promise.race([readHead(), timeout]) };
    } catch (error) {
      if (this.last?.type !== 'stale')
        createLog('web').warn({ err: error instanceof Error ? error.message : String(error) }, 'live view is stale');
      return { type: 'stale' };
    } finally {
      clearTimeout(timer);
    }
  }
}

function same(a: LiveEvent, b: LiveEvent | undefined): boolean {
  if (a.type === 'stale' || b === undefined || b.type === 'stale') return a.type === b?.type;
  return a.head.seq === b.head.seq && a.head.waiting === b.head.waiting && a.head.behind === b.head.behind;
}

// On globalThis because Next's bundles load this module more than once.
const holder = globalThis as typeof globalThis & { countersignLive?: LiveHub };

/** liveHub is the one hub of this process. */
export const liveHub = (): LiveHub => (holder.countersignLive ??= new LiveHub());
