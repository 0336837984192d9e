import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from 'pino';
import { fileNameOf, idleMs, isDue, originOf, signCheckpoint } from '../domain/checkpoint';
import { rangeRoot } from '../domain/merkle';
import { newSigner, rawPublicKey, type NoteSigner } from '../domain/note';
import { hasEpochAfter, insertCheckpoint, stopLeading, touchCheckpointCursor, tryLead } from '../store/checkpoints';
import { folderOf, keepNote, listFolders, newestNote, publishKey, readPrivateKey } from '../store/outside';
import { findLastResumption } from '../store/resumptions';
import { openBranch, type Opened } from './branching';
import { resumptionFrom } from './divergence';
import { readOutside, verifierOf, type Outside, type Refusal } from './outside';
import { follow, takeStock, type Position } from './stock';

/** `keyFile` holds the Ed25519 key (PEM) and must not lie in the database; `directory` need not be near it. */
export type CheckpointerOptions = { pool: pg.Pool; directory: string; keyFile: string; log: Logger };

/** What the signer is doing; `refuses` stays until a person has looked, and is looked at again every minute. */
export type CheckpointerStanding =
  { standing: 'starting' | 'waits' } | { standing: 'signs'; size: bigint } | ({ standing: 'refuses' } & Refusal);

type Following = Position & { history: number; folder: string; signer: NoteSigner; signedSize: bigint; signedAtMs: number };
type Signing = { base: NoteSigner; privateKey: KeyObject };

const tickMsMax = 2_000;

/** Reads the key from a PEM file (PKCS 8, Ed25519); the log is named after it. Throws one sentence when it cannot. */
async function readSigning(file: string): Promise<Signing> {
  try {
    const privateKey = await readPrivateKey(file);
    return { privateKey, base: newSigner(originOf(rawPublicKey(privateKey)), privateKey) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The checkpoint key in ${file} cannot be used (${why}); it must be an Ed25519 private key in PEM.`, { cause: error });
  }
}

/**
 * Checkpointer follows the ledger and hands signed tree heads outside. Of several processes one signs at a time; what it signs depends on the rows
 * alone, so even two would sign the same. It never signs a tree that does not extend what was handed outside, and never overwrites a checkpoint: what two
 * people resumed goes on under another origin, in a folder of its own.
 */
export class Checkpointer {
  private client: pg.PoolClient | undefined;
  private following: Following | undefined;
  private refusedUntilMs = 0;
  private lastResumption: string | undefined;
  private touchedAtMs = 0;
  private current: CheckpointerStanding = { standing: 'starting' };

  constructor(private readonly options: CheckpointerOptions) {}

  /** standing says what the last tick came to. */
  get standing(): CheckpointerStanding {
    return this.current;
  }

  /** tick reads on and signs when it is time, or at once when asked to. Throws when the database or the directory cannot be used; the next tick starts over. */
  async tick(atOnce = false): Promise<void> {
    if (Date.now() < this.refusedUntilMs && !(await this.isResumedSince())) return;
    try {
      const client = (this.client ??= await this.lead());
      if (!client) {
        this.current = { standing: 'waits' };
        return;
      }
      this.following ??= await this.begin(client);
      if (this.following) await this.advance(client, this.following, atOnce);
    } catch (error) {
      this.letGo();
      throw error;
    }
  }

  /** close signs what is unsigned and gives up the lead. */
  async close(): Promise<void> {
    if (this.following) await this.tick(true).catch(() => undefined);
    // Given up by name, so that the next leader need not wait until the server notices that this connection ended.
    if (this.client) await stopLeading(this.client).catch(() => undefined);
    this.letGo();
  }

  // A connection of its own: losing it, in a restart or a restore of the server, means to take stock anew.
  private async lead(): Promise<pg.PoolClient | undefined> {
    const client = await this.options.pool.connect();
    const led = await tryLead(client).catch((error: unknown) => {
      client.release(true);
      throw error;
    });
    if (!led) {
      client.release();
      return undefined;
    }
    client.on('error', () => {
      if (this.client === client) this.letGo();
    });
    return client;
  }

  private letGo(): void {
    const client = this.client;
    this.client = undefined;
    this.following = undefined;
    client?.release(true);
  }

  // Nobody who resumed wants to wait for the minute to pass.
  private async isResumedSince(): Promise<boolean> {
    return (await findLastResumption(this.options.pool))?.id !== this.lastResumption;
  }

  private async begin(client: pg.PoolClient): Promise<Following | undefined> {
    const { directory, keyFile } = this.options;
    const signing = await readSigning(keyFile);
    this.lastResumption = (await findLastResumption(client))?.id;
    const verifier = await verifierOf(directory, signing.base.text);
    if (!verifier || 'refused' in verifier) return this.refuse(verifier ?? { refused: 'other_key', detail: 'there is no key' });
    const outside = await readOutside(directory, verifier);
    if ('refused' in outside) return this.refuse(outside);
    const opened = await this.open(client, outside, signing);
    if ('refused' in opened) return this.refuse(opened);
    if (!(await publishKey(directory, signing.base.text)))
      return this.refuse({ refused: 'other_key', detail: 'the checkpoint directory belongs to another key' });
    const { number: history, folder, signer, position } = opened;
    const signedSize = outside.lineage[0]?.number === history ? (outside.newest?.size ?? 0n) : 0n;
    return { ...position, history, folder, signer, signedSize, signedAtMs: 0 };
  }

  /** The history to sign in: the newest, while the database agrees with it; else the one that two people resumed. */
  private async open(client: pg.PoolClient, outside: Outside, signing: Signing): Promise<Opened | Refusal> {
    const stock = await takeStock(client, outside);
    if (stock.agrees) {
      // A database that forgot what it signed, beside a directory that knows nothing: the origin before the resumption may have a tree of its own elsewhere.
      const resumed = outside.newest ? undefined : await findLastResumption(client);
      if (resumed) return openBranch(client, outside, signing, resumed);
      const [{ number, verifier } = { number: 0, verifier: signing.base }] = outside.lineage;
      const { directory } = this.options;
      return {
        number,
        folder: folderOf(directory, number),
        signer: newSigner(verifier.name, signing.privateKey),
        position: stock.position,
      };
    }
    const resumed = await resumptionFrom(client, outside, stock);
    return resumed ? openBranch(client, outside, signing, resumed) : stock;
  }

  private async advance(client: pg.PoolClient, following: Following, atOnce: boolean): Promise<void> {
    const read = await follow(client, following, undefined, Date.now() + tickMsMax);
    if ('refused' in read) return this.refuse(read);
    Object.assign(following, read);
    const { size } = following.range;
    this.current = { standing: 'signs', size: following.signedSize };
    const grownBy = size - following.signedSize;
    const binds = grownBy > 0n && (await hasEpochAfter(client, following.signedSize));
    if (grownBy > 0n && (atOnce || isDue(grownBy, Date.now() - following.signedAtMs, binds))) await this.sign(client, following);
    else if (Date.now() - this.touchedAtMs > idleMs) {
      await touchCheckpointCursor(client);
      this.touchedAtMs = Date.now();
    }
  }

  private async sign(client: pg.PoolClient, following: Following): Promise<void> {
    const { range, signer, folder, history } = following;
    // Another database may have been resumed meanwhile, and what this one goes on with is abandoned.
    if (await this.isAbandoned(history)) return this.refuse({ refused: 'forked', detail: `${folder} was abandoned for a later history` });
    const root = rangeRoot(range);
    const note = signCheckpoint(range.size, root, signer);
    if ((await keepNote(folder, fileNameOf(range.size), note, new Date())) === 'differs')
      return this.refuse({ refused: 'forked', detail: `another checkpoint of size ${range.size} was handed outside` });
    // Outside first: what the database says of itself must never be ahead of the copy that counts.
    await insertCheckpoint(client, { range, root, note });
    this.touchedAtMs = following.signedAtMs = Date.now();
    following.signedSize = range.size;
    this.current = { standing: 'signs', size: range.size };
  }

  // A later folder without a checkpoint is one that a crash left half made.
  private async isAbandoned(history: number): Promise<boolean> {
    for (const { number, folder } of await listFolders(this.options.directory))
      if (number > history && (await newestNote(folder))) return true;
    return false;
  }

  private refuse({ refused, detail }: Refusal): undefined {
    this.letGo();
    this.refusedUntilMs = Date.now() + idleMs;
    this.current = { standing: 'refuses', refused, detail };
    this.options.log.error({ alarm: 'checkpoint_refused', refused }, `no checkpoint is signed: ${detail}; run "npm run verify"`);
  }
}
