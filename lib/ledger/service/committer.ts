import type pg from 'pg';
import { batchBytesMax, batchItemsMax, encodeBatch, itemBytes, type CommitItem } from '../domain/batch';
import { callCommit, takesWrites, unsafeSettings, type CommitAnswer } from '../store/commit';

/** What became of one item. Only `written` is a fact; `unavailable` may or may not have been written and is never answered as allowed. */
export type CommitOutcome =
  | { outcome: 'written'; seq: number; atMs: number }
  | { outcome: 'over_limit'; counter: string; total: string }
  | { outcome: 'key_taken' }
  | { outcome: 'approval_busy' }
  | { outcome: 'approval_unusable'; why: string }
  | { outcome: 'workflow_halted' }
  | { outcome: 'effect_ambiguous'; decision: string }
  | { outcome: 'duplicate'; existing: string }
  | { outcome: 'epoch_moved'; epoch: number }
  | { outcome: 'unavailable'; reason: string };

export type CommitterOptions = {
  /** Makes one unconnected client as the gateway role. */
  newClient: () => pg.Client;
  /** Named in ledger_batches. */
  writer: string;
  /** Asked of each new connection before its first commit: why its database must not be written to now; undefined when it may. Throws when it does not answer. */
  admit?: (client: pg.Client) => Promise<string | undefined>;
  /** Told of every loss and return of the database, once each. */
  onState?: (state: 'up' | 'down', why: string) => void;
};

/** A commit that takes longer is answered as unavailable. */
const commitMsMax = 1_200;
const reconnectMs = 200;
/** A database that was not admitted is asked again after this. */
const admitAgainMs = 1_000;
/** Most items that wait; more are refused at once, since they could not be answered in time. */
const queueItemsMax = 20_000;
/** SQLSTATE classes that one item can cause (data, constraint, cardinality, raise, limits, syntax); the rest is the server's state. */
const itemClasses = new Set(['21', '22', '23', 'P0', '54', '42']);
const noPartition = '23514';

type Waiting = { item: CommitItem; epoch: number; resolve: (outcome: CommitOutcome) => void };

/**
 * Committer writes ledger rows in groups: what arrives while one batch commits becomes the next. One connection, one batch at a time, since the
 * order lock admits one anyway. Every item gets its own outcome; an unexpected error is bisected so that only its culprit is refused.
 */
export class Committer {
  private queue: Waiting[] = [];
  private client: pg.Client | undefined;
  private working = false;
  private closed = false;
  private downWhy = 'not connected yet';
  private retry: NodeJS.Timeout | undefined;
  private connecting = false;
  private wait = reconnectMs;
  private hurried = false;
  /** The last row that this connection wrote. */
  private lastSeq = 0;

  constructor(private readonly options: CommitterOptions) {}

  /** start connects; resolves when the first attempt has ended, with what is wrong if anything is. Goes on trying by itself. */
  async start(): Promise<string | undefined> {
    await this.connect();
    return this.client ? undefined : this.downWhy;
  }

  /** isUp tells whether the last contact with the database went well. */
  get isUp(): boolean {
    return this.client !== undefined;
  }

  /** why says, while down, what is wrong. */
  get why(): string {
    return this.downWhy;
  }

  /** again gives the connection up, so that the database is asked anew before the next commit. */
  again(why: string): void {
    const client = this.client;
    if (!client) return;
    this.lose(why);
    destroy(client);
    void this.connect();
  }

  /** hurry tries again at once, while there is no connection; an attempt under way may have asked too early, so another one follows it. */
  hurry(): void {
    if (this.client || this.closed) return;
    this.hurried = true;
    clearTimeout(this.retry);
    void this.connect();
  }

  /** submit hands in one item decided at `epoch`; the outcome arrives when it is durable, or refused. Never throws. */
  submit(item: CommitItem, epoch: number): Promise<CommitOutcome> {
    if (this.closed || !this.client) return Promise.resolve({ outcome: 'unavailable', reason: this.downWhy });
    if (this.queue.length >= queueItemsMax)
      return Promise.resolve({ outcome: 'unavailable', reason: 'too many decisions wait to be recorded' });
    return new Promise((resolve) => {
      this.queue.push({ item, epoch, resolve });
      if (!this.working) {
        this.working = true;
        // One turn later, so that all requests read in this turn share the commit.
        setImmediate(() => void this.work());
      }
    });
  }

  /** close refuses what waits and ends the connection. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    this.downWhy = 'the gateway is stopping';
    this.refuseAll();
    await client?.end().catch(() => undefined);
  }

  private async work(): Promise<void> {
    try {
      while (this.queue.length > 0 && this.client) {
        const batch = this.take();
        if (batch.length > 0) await this.commit(this.client, batch);
      }
    } finally {
      this.working = false;
    }
    if (!this.client) this.refuseAll();
  }

  // The batch of the newest epoch that waits; items decided at an older one are sent back to be decided again.
  private take(): Waiting[] {
    let epoch = 0;
    let count = 0;
    let bytes = 0;
    for (const waiting of this.queue) {
      bytes += itemBytes(waiting.item);
      if (count === batchItemsMax || (count > 0 && bytes > batchBytesMax)) break;
      if (waiting.epoch > epoch) epoch = waiting.epoch;
      count++;
    }
    const taken = this.queue.splice(0, count);
    const batch: Waiting[] = [];
    for (const waiting of taken) {
      if (waiting.epoch === epoch) batch.push(waiting);
      else waiting.resolve({ outcome: 'epoch_moved', epoch });
    }
    return batch;
  }

  private async commit(client: pg.Client, batch: Waiting[]): Promise<void> {
    let answer: CommitAnswer;
    try {
      answer = await this.within(callCommit(client, batch[0]?.epoch ?? 0, this.options.writer, encodeBatch(batch.map((w) => w.item))));
    } catch (error) {
      await this.fail(client, batch, error);
      return;
    }
    if (answer.outcomes === '') {
      for (const waiting of batch) waiting.resolve({ outcome: 'epoch_moved', epoch: answer.epoch });
      return;
    }
    // Row numbers only grow: another database was put in the place of this one, without ending the connection.
    if (answer.firstSeq <= this.lastSeq)
      return this.giveUp(client, batch, `row ${answer.firstSeq} was written before, and again now: this is another database`);
    let seq = answer.firstSeq;
    const atMs = Math.floor(answer.atUs / 1000);
    for (let i = 0; i < batch.length; i++) {
      const waiting = batch[i];
      if (!waiting) continue;
      const code = answer.outcomes.charCodeAt(i) - 48;
      if (code === 0) waiting.resolve({ outcome: 'written', seq: seq++, atMs });
      else waiting.resolve(refusedOutcome(code, answer.details?.[i] ?? ''));
    }
    this.lastSeq = seq - 1;
  }

  // Nothing of this batch is answered as a fact, and the connection is not to be believed.
  private giveUp(client: pg.Client, batch: Waiting[], why: string): void {
    for (const waiting of batch) waiting.resolve({ outcome: 'unavailable', reason: 'the database did not take the commit' });
    if (this.client !== client) return;
    this.lose(why);
    destroy(client);
    this.reconnectSoon();
  }

  private async fail(client: pg.Client, batch: Waiting[], error: unknown): Promise<void> {
    const code = sqlState(error);
    if (code === undefined || !itemClasses.has(code.slice(0, 2)) || isMissingPartition(error)) {
      // The server's state, not an item: nothing of this batch is known to be written, and the connection may be unusable.
      return this.giveUp(client, batch, describe(error));
    }
    if (batch.length === 1) {
      batch[0]?.resolve({ outcome: 'unavailable', reason: 'this request could not be recorded' });
      return;
    }
    const half = Math.ceil(batch.length / 2);
    for (const part of [batch.slice(0, half), batch.slice(half)]) {
      if (this.client === client) await this.commit(client, part);
      else for (const waiting of part) waiting.resolve({ outcome: 'unavailable', reason: this.downWhy });
    }
  }

  private within<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${commitMsMax} ms`)), commitMsMax);
      work.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  private async connect(): Promise<void> {
    if (this.connecting || this.client || this.closed) return;
    this.connecting = true;
    this.hurried = false;
    try {
      await this.connectOnce();
    } finally {
      this.connecting = false;
    }
    if (!this.client) this.reconnectSoon();
  }

  private async connectOnce(): Promise<void> {
    const client = this.options.newClient();
    this.wait = reconnectMs;
    // A connection that ends by itself must not end the process; while it is ours, it means the database is lost.
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.lose(describe(error));
      this.reconnectSoon();
    });
    client.on('end', () => {
      if (this.client !== client) return;
      this.lose('the database closed the connection');
      this.reconnectSoon();
    });
    try {
      await this.within(client.connect());
      const unsafe = await this.within(unsafeSettings(client));
      if (unsafe.length > 0)
        throw new Error(`PostgreSQL runs with ${unsafe.join(', ')}; a decision would not survive a crash, so none is made`);
      // Ours from here on, whatever the server's default becomes later.
      await this.within(client.query('SET synchronous_commit = on'));
      if (!(await this.within(takesWrites(client)))) throw new Error('PostgreSQL takes no writes now: it is read-only, or a standby');
      const why = await this.options.admit?.(client);
      if (why !== undefined) {
        this.wait = admitAgainMs;
        throw new Error(why);
      }
      if (this.closed) {
        destroy(client);
        return;
      }
      this.client = client;
      this.lastSeq = 0;
      this.downWhy = '';
      this.options.onState?.('up', '');
    } catch (error) {
      this.downWhy = describe(error);
      destroy(client);
    }
  }

  private reconnectSoon(): void {
    if (this.closed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), this.hurried ? 0 : this.wait);
  }

  private lose(why: string): void {
    const wasUp = this.client !== undefined;
    this.client = undefined;
    this.downWhy = why;
    if (wasUp) this.options.onState?.('down', why);
    this.refuseAll();
  }

  private refuseAll(): void {
    const waiting = this.queue;
    this.queue = [];
    for (const { resolve } of waiting) resolve({ outcome: 'unavailable', reason: this.downWhy });
  }
}

function refusedOutcome(code: number, detail: string): CommitOutcome {
  switch (code) {
    case 1: {
      const [counter = '', total = ''] = detail.split(' ');
      return { outcome: 'over_limit', counter, total };
    }
    case 2:
      return { outcome: 'key_taken' };
    case 3:
      return { outcome: 'approval_busy' };
    case 4:
      return { outcome: 'approval_unusable', why: detail };
    case 5:
      return { outcome: 'workflow_halted' };
    case 6:
      return { outcome: 'duplicate', existing: detail };
    case 7:
      return { outcome: 'effect_ambiguous', decision: detail };
    default:
      return { outcome: 'unavailable', reason: `the commit answered with outcome ${code}` };
  }
}

function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object) ? code : undefined;
}

// Raised for every row alike when this month has no partition: no item's fault.
function isMissingPartition(error: unknown): boolean {
  return sqlState(error) === noPartition && !(error instanceof Error && 'constraint' in error && error.constraint);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// end() would wait for a server that may be frozen.
function destroy(client: pg.Client): void {
  client.end().catch(() => undefined);
  const { connection } = client as unknown as { connection?: { stream?: { destroy?: () => void } } };
  connection?.stream?.destroy?.();
}
