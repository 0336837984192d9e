import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeClients } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from './database';

export type PeoplePlane = TestDatabase & { secretsDir: string; masterKeyFile: string };

/**
 * testPeoplePlane makes a fresh database and points this test file's process at it, so that services run as they do in web and jobs, as the web
 * role. `drop` ends the clients, drops the database and removes the secrets.
 */
export async function testPeoplePlane(): Promise<PeoplePlane> {
  const database = await testDatabase();
  const secretsDir = mkdtempSync(path.join(tmpdir(), 'countersign-test-'));
  const masterKeyFile = path.join(secretsDir, 'master.key');
  writeFileSync(masterKeyFile, randomBytes(32), { mode: 0o600 });
  Object.assign(process.env, {
    DATABASE_URL_WEB: database.webUrl,
    PUBLIC_URL: 'http://localhost:3000',
    GATEWAY_URL: 'http://127.0.0.1:4000',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: randomBytes(32).toString('base64url'),
    SECRETS_DIR: secretsDir,
    MASTER_KEY_FILE: masterKeyFile,
  });
  const drop = async () => {
    await closeClients();
    await database.drop();
    rmSync(secretsDir, { recursive: true, force: true });
  };
  return { ...database, secretsDir, masterKeyFile, drop };
}
