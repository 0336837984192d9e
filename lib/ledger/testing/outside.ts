import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type pg from 'pg';
import { originOf } from '../domain/checkpoint';
import { newSigner, rawPublicKey, type NoteSigner } from '../domain/note';
import { Checkpointer, type CheckpointerStanding } from '../service/checkpointer';
import { compareWithOutside, divergenceOf, type Comparison } from '../service/divergence';
import type { Divergence } from '../schema';
import { createPool, withClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

/** OutsidePlace is a database with a directory of checkpoints beside it, and the key that signs them. */
export class OutsidePlace {
  readonly directory: string;
  readonly keyFile: string;
  /** What was logged, line by line. */
  readonly lines: string[] = [];
  readonly log = createLog('test', new Writable({ write: (chunk, _, done) => (this.lines.push(String(chunk)), done()) }));
  private readonly pools: pg.Pool[] = [];
  private readonly checkpointers: Checkpointer[] = [];

  private constructor(
    readonly folder: string,
    readonly database: TestDatabase,
  ) {
    this.directory = path.join(folder, 'outside');
    this.keyFile = path.join(folder, 'checkpoint.pem');
    writeFileSync(this.keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }

  static async make(database?: TestDatabase): Promise<OutsidePlace> {
    return new OutsidePlace(mkdtempSync(path.join(os.tmpdir(), 'countersign-outside-')), database ?? (await testDatabase()));
  }

  get signer(): NoteSigner {
    const key = createPrivateKey(readFileSync(this.keyFile));
    return newSigner(originOf(rawPublicKey(key)), key);
  }

  /** checkpointer is a new process that signs. */
  checkpointer(directory = this.directory): Checkpointer {
    const pool = createPool(this.database.webUrl, { application: 'test', max: 3 });
    this.pools.push(pool);
    const checkpointer = new Checkpointer({ pool, directory, keyFile: this.keyFile, log: this.log });
    this.checkpointers.push(checkpointer);
    return checkpointer;
  }

  /** sign runs such a process once: it signs what there is, or says why not. */
  async sign(directory = this.directory): Promise<CheckpointerStanding> {
    const checkpointer = this.checkpointer(directory);
    await checkpointer.tick(true);
    const { standing } = checkpointer;
    await checkpointer.close();
    return standing;
  }

  /** files are the names of all that was handed outside, below the directory. */
  files(directory = this.directory): string[] {
    const names = readdirSync(directory, { recursive: true }).map(String);
    return names.filter((name) => name.endsWith('.txt')).sort();
  }

  /** read is every such file with what it says. */
  read(): Record<string, string> {
    return Object.fromEntries(this.files().map((name) => [name, readFileSync(path.join(this.directory, name), 'utf8')]));
  }

  /** compare looks as a gateway does, with a gateway's rights and the public key. */
  compare(): Promise<Comparison> {
    return withClient(this.database.gatewayUrl, (client) => compareWithOutside(client, { directory: this.directory, vkey: undefined }));
  }

  /** divergence is how the database differs now; throws when it does not. */
  async divergence(): Promise<Divergence> {
    return withClient(this.database.gatewayUrl, async (client) => {
      const compared = await compareWithOutside(client, { directory: this.directory, vkey: undefined });
      if (compared.agrees) throw new Error('it agrees');
      const found = await divergenceOf(client, compared.outside);
      if ('detail' in found) throw new Error(found.detail);
      return found;
    });
  }

  /** newest is the checkpoint that counts now. */
  async newest(): Promise<{ origin: string; size: bigint; root: Buffer }> {
    const { outside } = await this.compare();
    if (!outside?.newest) throw new Error('nothing was handed outside');
    const { origin, size, root } = outside.newest;
    return { origin, size, root };
  }

  async asSuperuser(...statements: string[]): Promise<void> {
    await withClient(this.database.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const statement of statements) await client.query(statement);
    });
  }

  /** rollBackTo leaves what a restore of a backup made at row n leaves, without the time a copy takes. */
  rollBackTo(n: number): Promise<void> {
    return this.asSuperuser(
      ...['ledger', 'ledger_epochs', 'ledger_arguments'].map((table) => `DELETE FROM ${table} WHERE seq > ${n}`),
      `DELETE FROM ledger_batches WHERE last_seq > ${n}`,
      `DELETE FROM ledger_checkpoints WHERE size > ${n}`,
      'DELETE FROM resumptions r WHERE NOT EXISTS (SELECT 1 FROM ledger_epochs e WHERE e.subject = r.id)',
    );
  }

  async end(): Promise<void> {
    for (const checkpointer of this.checkpointers) await checkpointer.close();
    for (const pool of this.pools) await pool.end();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
