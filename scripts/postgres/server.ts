import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { commandOf, identityOf, leash, waitForEnd } from '@/scripts/start/process.mjs';
import { Refusal } from '@/scripts/start/refusal.mjs';
import type { Native, RunAs } from '@/scripts/postgres/native';

export type Cluster = {
  native: Native;
  runAs: RunAs;
  /** The cluster's own folder, 0700, of the server's user. */
  folder: string;
  logFile: string;
  port: number;
  superuserPassword: string;
  /** Removed with the server when this process dies; only for throwaway clusters. */
  throwaway?: string;
};
export type PostgresServer = { pid: number; child: ChildProcess; ended: Promise<void>; stop: () => Promise<void> };

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const maxConnections = 200;

/** urlOf is a connection URL of this cluster for one user and database. */
export function urlOf(port: number, user: string, password: string, database: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** createCluster runs initdb once; a half-made cluster never gets the final name. Refuses a folder of another major version. */
export function createCluster(cluster: Cluster): boolean {
  const { folder, native, runAs } = cluster;
  const versionFile = path.join(folder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const major = readFileSync(versionFile, 'utf8').trim();
    if (major !== native.major)
      throw new Refusal(
        `The data in ${folder} was written by PostgreSQL ${major}, and this version runs PostgreSQL ${native.major}; export it with the version that wrote it, or start with --reset to lose it.`,
      );
    return false;
  }
  const unfinished = `${folder}.new`;
  const passwordFile = `${folder}.pw`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, cluster.superuserPassword, { mode: 0o600 });
  if (runAs) for (const each of [unfinished, passwordFile]) chownSync(each, runAs.uid, runAs.gid);
  const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'];
  const run = spawnSync(native.bin('initdb'), args, { encoding: 'utf8', cwd: '/', ...runAs });
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) throw new Error(`initdb failed: ${run.error?.message ?? run.stderr.trim()}`);
  renameSync(unfinished, folder);
  return true;
}

/** stopOrphan ends a server that an earlier, killed start left on this folder, by its own pid file; true when there was one. */
export async function stopOrphan(folder: string): Promise<boolean> {
  const pidFile = path.join(folder, 'postmaster.pid');
  if (!existsSync(pidFile)) return false;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const ours = identityOf(pid) !== undefined && commandOf(pid).includes(folder);
  if (!ours) {
    // The number may meanwhile belong to somebody else's process, which PostgreSQL would take for a rival.
    rmSync(pidFile, { force: true });
    return false;
  }
  // A frozen (SIGSTOPped) server takes no other signal until it is woken.
  process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGINT');
  if (!(await waitForEnd(pid, stopTimeoutMs))) process.kill(pid, 'SIGQUIT');
  await waitForEnd(pid, stopTimeoutMs);
  return true;
}

/** startPostgres runs the server as a direct child, on loopback only, and answers once it takes queries. */
export async function startPostgres(cluster: Cluster): Promise<PostgresServer> {
  const log = openSync(cluster.logFile, 'a', 0o600);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  const args = ['-D', cluster.folder, '-p', String(cluster.port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(cluster.native.bin('postgres'), args, { cwd: '/', detached: true, stdio: ['ignore', log, log], ...cluster.runAs });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const pid = child.pid;
  if (pid === undefined) throw new Error(`PostgreSQL could not be run from ${cluster.native.bin('postgres')}`);
  const letGo = leash(pid, {
    signal: cluster.throwaway ? 'QUIT' : 'INT',
    graceSeconds: 20,
    ...(cluster.throwaway ? { thenRemove: cluster.throwaway } : {}),
  });
  void ended.then(letGo);
  await untilReady(cluster, child);
  return { pid, child, ended, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGCONT');
  child.kill('SIGINT');
  const force = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs);
  await ended;
  clearTimeout(force);
}

async function untilReady(cluster: Cluster, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const problem = await tryQuery(cluster);
    if (problem === undefined) return;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`PostgreSQL ended while starting; its log is ${cluster.logFile}: ${lastLine(cluster.logFile)}`);
    if (problem.code === '28P01')
      throw new Refusal(
        `The password in this data folder does not open its PostgreSQL in ${cluster.folder}; restore the folder as a whole, or start with --reset to lose it.`,
      );
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL was not ready after ${startTimeoutMs / 1000} s (${problem.message}); its log is ${cluster.logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function tryQuery(cluster: Cluster): Promise<{ code?: string; message: string } | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(cluster.port, 'postgres', cluster.superuserPassword, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    return { message: String(error), ...(code ? { code } : {}) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}
