import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { databaseRoles, prepareCluster, type RolePasswords } from '@/lib/platform/db/roles';
import { withClient } from '@/lib/platform/db';
import { findNative, serverUser } from '@/scripts/postgres/native';
import { createCluster, startPostgres, urlOf, type PostgresServer } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/start/ports.mjs';

export type Throwaway = {
  port: number;
  superuserPassword: string;
  passwords: RolePasswords;
  server: PostgresServer;
  logFile: string;
  url: (role: 'superuser' | keyof typeof databaseRoles, database: string) => string;
  /** restart starts the server again on its data and its port, once a test has ended it. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

const secret = () => randomBytes(18).toString('base64url');

/** startThrowaway makes a cluster with our three roles in a temporary folder; it goes with stop() or with this process. */
export async function startThrowaway(): Promise<Throwaway> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-test-'));
  chmodSync(folder, 0o755);
  const runAs = serverUser();
  const native = findNative(process.cwd(), runAs, path.join(folder, 'native'));
  const [superuserPassword, passwords] = [secret(), { owner: secret(), web: secret(), gateway: secret() }];
  const cluster = {
    native,
    runAs,
    folder: path.join(folder, 'postgres'),
    logFile: path.join(folder, 'postgres.log'),
    port: await freePort(),
    superuserPassword,
    throwaway: folder,
  };
  createCluster(cluster);
  const server = await startPostgres(cluster);
  const url: Throwaway['url'] = (role, database) =>
    role === 'superuser'
      ? urlOf(cluster.port, 'postgres', superuserPassword, database)
      : urlOf(cluster.port, databaseRoles[role], passwords[role], database);
  await withClient(url('superuser', 'postgres'), (client) => prepareCluster(client, passwords));
  const throwaway: Throwaway = {
    port: cluster.port,
    superuserPassword,
    passwords,
    server,
    logFile: cluster.logFile,
    url,
    restart: async () => {
      throwaway.server = await startPostgres(cluster);
    },
    stop: async () => {
      await throwaway.server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return throwaway;
}
