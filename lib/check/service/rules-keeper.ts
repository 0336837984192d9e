import type pg from 'pg';
import { readRules } from '../store/rules';
import { applyRows, emptySnapshot, isIncremental, type Snapshot } from './snapshot';

export type RulesKeeperOptions = {
  newClient: () => pg.Client;
  onLoaded?: (snapshot: Snapshot, tookMs: number) => void;
  onTrouble?: (why: string) => void;
  onEvent?: (kind: string, subject: string) => void;
};

/** A load that takes longer is given up; the gateway then answers 503 rather than wait. */
const loadMsMax = 1_500;
/** How often the epoch is looked at even when no notification came. Early only: every commit compares the epoch itself. */
const pollMs = 1_000;
/** Least time between two loads that a refusal asked for. */
const freshenMsMin = 50;
/** Workflows remembered as halted; forgetting one costs a second commit, nothing else. */
const haltsMax = 100_000;

/** RulesKeeper holds the snapshot that decisions are made from and brings it up to the ledger's epoch: on notification, on polling, and when a commit says it moved. */
export class RulesKeeper {
  private current: Snapshot = emptySnapshot;
  private client: pg.Client | undefined;
  private loading: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private closed = false;
  private whole = false;
  private freshening: Promise<void> | undefined;
  private freshenedAt = Number.NEGATIVE_INFINITY;
  private readonly halts = new Set<string>();

  constructor(private readonly options: RulesKeeperOptions) {}

  get snapshot(): Snapshot {
    return this.current;
  }

  /** start loads for the first time and then follows by itself; resolves whether or not the load went well. */
  async start(): Promise<void> {
    await this.refresh().catch((error: unknown) => this.options.onTrouble?.(message(error)));
    const tick = (): void => {
      if (this.closed) return;
      this.refresh()
        .catch((error: unknown) => this.options.onTrouble?.(message(error)))
        .finally(() => {
          if (!this.closed) this.poll = setTimeout(tick, pollMs);
        });
    };
    this.poll = setTimeout(tick, pollMs);
  }

  /** catchUp resolves true once the snapshot is at `epoch` or later, false when it could not be loaded in time. */
  async catchUp(epoch: number): Promise<boolean> {
    // A load under way may have begun before that epoch, so two rounds.
    for (let round = 0; round < 2 && this.current.rules.epoch < epoch; round++) {
      try {
        await this.refresh();
      } catch {
        return false;
      }
    }
    return this.current.rules.epoch >= epoch;
  }

  /**
   * anew reads everything again over a new connection, whatever is known: what is behind one that was lost may be another database since. Throws when it
   * could not be loaded in time.
   */
  async anew(): Promise<void> {
    this.whole = true;
    // A load under way may have begun on the old one.
    await this.loading?.catch(() => undefined);
    this.drop();
    await this.refresh();
  }

  /**
   * freshen loads what has changed up to now. A refusal that writes no row never meets the commit's comparison of epochs, so it is made again after
   * this. At most one load each freshenMsMin, however many ask: strangers with bad secrets must not keep the database busy.
   */
  freshen(): Promise<void> {
    this.freshening ??= (async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.freshenedAt + freshenMsMin - performance.now())));
      this.freshenedAt = performance.now();
      this.freshening = undefined;
      // One that began before we were asked may not have seen what we look for.
      const loads = (this.loading ?? Promise.resolve()).catch(() => undefined).then(() => this.refresh().catch(() => undefined));
      // While the database does not answer, neither of the two does; whoever waits is then refused by what is known.
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([loads, new Promise((resolve) => (timer = setTimeout(resolve, loadMsMax)))]);
      clearTimeout(timer);
    })();
    return this.freshening;
  }

  /** isHalted tells whether a commit has said that the workflow is halted; the commit itself is the truth. */
  isHalted(workflow: string): boolean {
    return this.halts.has(workflow);
  }

  rememberHalt(workflow: string): void {
    if (this.halts.size >= haltsMax) this.halts.clear();
    this.halts.add(workflow);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.poll);
    this.drop();
  }

  private refresh(): Promise<void> {
    this.loading ??= this.load().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async load(): Promise<void> {
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const { snapshot, released } = await Promise.race([
        this.loadOnce(),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`the rules did not load within ${loadMsMax} ms`)), loadMsMax);
        }),
      ]);
      const moved = snapshot.rules.epoch !== this.current.rules.epoch;
      // What was released since is not known after a load of everything, and a remembered halt is only a hint.
      if (released) for (const workflow of released) this.halts.delete(workflow);
      else this.halts.clear();
      this.current = snapshot;
      if (moved) this.options.onLoaded?.(snapshot, performance.now() - started);
    } catch (error) {
      this.drop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async loadOnce(): Promise<{ snapshot: Snapshot; released: string[] | undefined }> {
    let client = this.client;
    if (!client) {
      client = this.options.newClient();
      const fresh = client;
      fresh.on('error', () => this.drop(fresh));
      fresh.on('end', () => this.drop(fresh));
      fresh.on('notification', (note) => {
        const [kind = '', subject = ''] = (note.payload ?? '').split(' ');
        this.options.onEvent?.(kind, subject);
        void this.refresh().catch(() => undefined);
      });
      await fresh.connect();
      await fresh.query('LISTEN ledger_event');
      this.client = fresh;
    }
    const known = this.current;
    const whole = this.whole;
    const rows = await readRules(client, isIncremental(known) && !whole ? known.rules.epoch : undefined);
    if (whole) this.whole = false;
    return { snapshot: applyRows(known, rows), released: rows.changed?.workflows };
  }

  private drop(only?: pg.Client): void {
    if (only && only !== this.client) return;
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    client.end().catch(() => undefined);
    const { connection } = client as unknown as { connection?: { stream?: { destroy?: () => void } } };
    connection?.stream?.destroy?.();
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
