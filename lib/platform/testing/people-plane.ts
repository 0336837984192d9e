import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeClients } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from './database';

export type PeoplePlane = TestDatabase & { secretsDir: string; masterKeyFile: string };

/** beWeb points this test file's process at a database, so that services run as they do in web and jobs, as the web role; `leave` removes its secrets. */
export function beWeb(
  database: TestDatabase,
  master: Uint8Array = randomBytes(32),
): { secretsDir: string; masterKeyFile: string; leave: () => void } {
  const secretsDir = mkdtempSync(path.join(tmpdir(), 'countersign-test-'));
  const masterKeyFile = path.join(secretsDir, 'master.key');
  writeFileSync(masterKeyFile, master, { mode: 0o600 });
  Object.assign(process.env, {
    DATABASE_URL_WEB: database.webUrl,
    PUBLIC_URL: 'http://localhost:3000',
    GATEWAY_URL: 'http://127.0.0.1:4000',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: randomBytes(32).toString('base64url'),
    SECRETS_DIR: secretsDir,
    MASTER_KEY_FILE: masterKeyFile,
  });
  return { secretsDir, masterKeyFile, leave: () => rmSync(secretsDir, { recursive: true, force: true }) };
}

/**
 * testPeoplePlane makes a fresh database and is web on it. `drop` ends the clients, drops the database and removes the secrets.
 */
export async function testPeoplePlane(): Promise<PeoplePlane> {
  const database = await testDatabase();
  const { secretsDir, masterKeyFile, leave } = beWeb(database);
  const drop = async () => {
    await closeClients();
    await database.drop();
    leave();
  };
  return { ...database, secretsDir, masterKeyFile, drop };
}
