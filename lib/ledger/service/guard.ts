import type pg from 'pg';
import type { Logger } from 'pino';
import type { Divergence } from '../schema';
import { isThere } from '../store/outside';
import { findHashOf, findHead } from '../store/resumptions';
import { compareWith, divergenceOf, readPlace, type OutsidePlace } from './divergence';
import { isResumable, type Outside, type Refusal } from './outside';

/** Why a gateway decides nothing. `differs`: the database is not the one that was handed outside; else that cannot be told. `divergence` once it is known. */
export type Locked = { why: string; differs: boolean; divergence: Divergence | undefined };

export type OutsideGuardOptions = {
  /** Undefined: nothing can be compared, and the log says so once. */
  place: OutsidePlace | undefined;
  /** Makes one unconnected client as the gateway role, whose statements may take some seconds. */
  newClient: () => pg.Client;
  log: Logger;
  /** Told of every change. */
  onChange: (locked: Locked | undefined) => void;
};

/** How often a gateway looks whether its database is still the one that was compared, and holds what was handed outside. A new connection is compared in any case. */
const lookEveryMs = 10_000;
/** What a locked database keeps is found anew at most this often. */
const measureEveryMs = 30_000;
/** Longest one statement of a comparison; a commit's own limit is far shorter. */
const statementMsMax = 10_000;

const isNewer = (one: Outside, than: Outside): boolean => {
  const [a, b] = [one.lineage[0]?.number ?? 0, than.lineage[0]?.number ?? 0];
  return a === b ? (one.newest?.size ?? 0n) >= (than.newest?.size ?? 0n) : a > b;
};

/**
 * OutsideGuard keeps a gateway from deciding on a database that is behind, or forks from, what was handed outside (a restored backup, a lost disk):
 * each connection is compared before its first commit, and what differs stays locked until two people resumed exactly that checkpoint. A directory
 * that cannot be read locks a gateway that has not seen it yet; later it goes on by the newest checkpoint it remembers.
 */
export class OutsideGuard {
  private remembered: Outside | undefined;
  private current: Locked | undefined;
  private refusal: Refusal | undefined;
  /** A row of the database that was compared: as long as it stands there, no other one was put in its place under the connection. */
  private mark: { seq: bigint; hash: Buffer } | undefined;
  /** The outside checkpoint in spite of which two people let this database go on, until a later one is signed. */
  private passed: string | undefined;
  private measuring: { name: string; head: bigint; againAtMs: number; found: Divergence | Refusal | undefined } | undefined;
  private missed = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: OutsideGuardOptions) {
    if (!options.place)
      options.log.warn(
        'CHECKPOINT_DIR is not set: nothing tells this gateway that its database was restored from an older backup, or was changed',
      );
  }

  /** locked says why nothing is decided; undefined while decisions are made. */
  get locked(): Locked | undefined {
    return this.current;
  }

  /** admit answers why the database behind this connection may not be decided on; undefined when it may. Throws when the database does not answer. */
  async admit(client: pg.Client): Promise<string | undefined> {
    const { place } = this.options;
    if (!place) return undefined;
    const outside = await this.read(place);
    await client.query(`SET statement_timeout = ${statementMsMax}`);
    const comparison = await compareWith(client, outside);
    const head = await findHead(client);
    this.mark = await markAt(client, head);
    await client.query('RESET statement_timeout');
    this.passed = !comparison.agrees && comparison.resumed ? nameOf(comparison.outside) : undefined;
    if (comparison.agrees || comparison.resumed) {
      this.unlock(comparison.agrees ? undefined : comparison.resumed?.id);
      return undefined;
    }
    const { refusal, outside: compared } = comparison;
    return this.lock(refusal, isResumable(refusal) ? this.measured(compared, refusal, head) : undefined);
  }

  /** start looks from time to time; `other` is called when the database does not look like the one that was compared, so that it is compared anew. */
  start(reads: pg.Pool, other: () => void): void {
    if (!this.options.place) return;
    this.timer = setInterval(() => {
      void this.look(reads).then(
        (is) => is && !this.closed && other(),
        () => undefined,
      );
    }, lookEveryMs);
    this.timer.unref();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
  }

  /**
   * look tells whether another database stands where the compared one did (a backup can be restored without ending a connection), or it holds less than
   * was handed outside; of one that is locked it is known. Two rows are read. Throws when the database does not answer.
   */
  async look(reads: pg.Pool): Promise<boolean> {
    const { place } = this.options;
    if (!place || this.current) return false;
    const outside = await this.read(place);
    const head = await findHead(reads);
    if (outside && !('refused' in outside) && (outside.newest?.size ?? 0n) > head && nameOf(outside) !== this.passed) return true;
    const { mark } = this;
    if (mark && !(await findHashOf(reads, mark.seq))?.equals(mark.hash)) return true;
    this.mark = (await markAt(reads, head)) ?? mark;
    return false;
  }

  private async read(place: OutsidePlace): Promise<Outside | Refusal | undefined> {
    let found: Outside | Refusal | undefined;
    try {
      found = (await isThere(place.directory)) ? await readPlace(place) : unreadable(`there is no directory ${place.directory}`);
    } catch (error) {
      found = unreadable(`the directory ${place.directory} cannot be read (${said(error)})`);
    }
    const { remembered } = this;
    if (found && !('refused' in found) && (!remembered || isNewer(found, remembered))) {
      this.remembered = found;
      this.miss(undefined);
      return found;
    }
    if (!remembered) return found;
    this.miss(found && 'refused' in found ? found.detail : `what was handed outside before is gone from ${place.directory}`);
    return remembered;
  }

  private miss(why: string | undefined): void {
    const { log } = this.options;
    if (why !== undefined && !this.missed)
      log.error({ alarm: 'checkpoints_missing', why }, 'the gateway goes on by the last checkpoint it has seen outside');
    if (why === undefined && this.missed) log.info('what was handed outside can be read again');
    this.missed = why !== undefined;
  }

  private lock(refusal: Refusal, measured: Divergence | Refusal | undefined): string {
    // What was found by reading everything says more than what was found at the end.
    const { refused, detail } = measured && 'detail' in measured ? measured : refusal;
    this.refusal = refusal;
    if (this.current?.why !== detail) {
      const ways = isResumable({ refused, detail }) ? '; put the right database back, or let two people resume it (npm run resume)' : '';
      this.options.log.error({ alarm: 'gateway_locked', refused }, `this gateway is locked and decides nothing: ${detail}${ways}`);
    }
    const differs = refused !== 'outside_unreadable' && refused !== 'other_key' && refused !== 'gone';
    this.change({ why: detail, differs, divergence: measured && !('detail' in measured) ? measured : undefined });
    return detail;
  }

  private unlock(resumption: string | undefined): void {
    if (this.current) {
      if (resumption) this.options.log.warn({ resumption }, 'two people resumed: this gateway decides again');
      else this.options.log.info('the database agrees with what was handed outside: this gateway decides again');
    }
    this.change(undefined);
  }

  private change(locked: Locked | undefined): void {
    const before = this.current;
    this.current = locked;
    if (before?.why !== locked?.why || before?.divergence !== locked?.divergence) this.options.onChange(locked);
  }

  /** What differs is found beside, since it may take minutes and the lock does not wait for it; again when the database has moved on since. */
  private measured(outside: Outside | undefined, refusal: Refusal, head: bigint): Divergence | Refusal | undefined {
    const name = nameOf(outside) ?? refusal.detail;
    const last = this.measuring?.name === name ? this.measuring : undefined;
    if (last && (last.head === head || performance.now() < last.againAtMs)) return last.found;
    const measuring = { name, head, againAtMs: Number.POSITIVE_INFINITY, found: last?.found };
    this.measuring = measuring;
    const began = performance.now();
    void this.measure(outside)
      .catch((error: unknown) => {
        if (!this.closed) this.options.log.warn({ why: said(error) }, 'what is kept could not be found yet');
        measuring.head = -1n;
        return measuring.found;
      })
      .then((found) => {
        measuring.found = found;
        measuring.againAtMs = performance.now() + Math.max(measureEveryMs, 10 * (performance.now() - began));
        if (this.measuring === measuring && this.current && this.refusal && !this.closed && found) this.lock(this.refusal, found);
      });
    return measuring.found;
  }

  private async measure(outside: Outside | undefined): Promise<Divergence | Refusal> {
    const client = this.options.newClient();
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await divergenceOf(client, outside);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const nameOf = (outside: Outside | undefined): string | undefined =>
  outside?.newest && `${outside.newest.origin} ${outside.newest.size} ${outside.newest.root.toString('hex')}`;

const markAt = async (client: Pick<pg.ClientBase, 'query'>, seq: bigint) => {
  const hash = await findHashOf(client, seq);
  return hash && { seq, hash };
};

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unreadable = (detail: string): Refusal => ({ refused: 'outside_unreadable', detail });
