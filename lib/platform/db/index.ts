import pg from 'pg';
import { createLog } from '@/lib/platform/log';

export type PoolOptions = {
  /** Shown in pg_stat_activity. */
  application: string;
  max?: number;
  statementTimeoutMs?: number;
  /** Given up on this side: a server that is frozen keeps no time of its own. */
  queryTimeoutMs?: number;
  connectTimeoutMs?: number;
};

const connectTimeoutMsDefault = 5_000;
const poolMaxDefault = 5;

// On globalThis because Next's bundles and dev reloads load this module more than once.
const registry = globalThis as typeof globalThis & { countersignClosers?: Set<() => Promise<void>> };
const closers = (registry.countersignClosers ??= new Set());

/** onClose registers work for closeClients: how each creator of a client ends it. */
export function onClose(close: () => Promise<void>): void {
  closers.add(close);
}

/** createPool makes a pg.Pool that survives lost idle connections and is ended by closeClients; int8 arrives as string. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.application,
    max: options.max ?? poolMaxDefault,
    connectionTimeoutMillis: options.connectTimeoutMs ?? connectTimeoutMsDefault,
    keepAlive: true,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  });
  const log = createLog('db');
  // Without a listener a dropped idle connection would end the process.
  pool.on('error', (error) => log.warn({ err: error.message, application: options.application }, 'idle connection lost'));
  // Nor may one that is lost while it is in use: its query fails, and that is told there.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const close = async () => {
    closers.delete(close);
    if (!pool.ended && !pool.ending) await pool.end();
  };
  onClose(close);
  return pool;
}

export type ClientOptions = {
  application: string;
  connectTimeoutMs: number;
  /** `-c name=value …`, as libpq's options. */
  settings: string;
  /** Given up on this side: a server that is frozen, or cut off, keeps no time of its own. */
  queryTimeoutMs?: number;
};

/** newClient makes one unconnected client, for those who keep a connection of their own; whoever makes it ends it. */
export function newClient(url: string, options: ClientOptions): pg.Client {
  return new pg.Client({
    connectionString: url,
    application_name: options.application,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    options: options.settings,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  });
}

/** closeClients ends every pool and Prisma client this process created; scripts and tests call it last. */
export async function closeClients(): Promise<void> {
  await Promise.allSettled([...closers].map((close) => close()));
  closers.clear();
}

/** withClient runs `work` on one fresh connection (no pool) and closes it, whatever happens. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMsDefault,
    application_name: 'countersign',
  });
  // A server that stops mid-query reports the loss twice: in the query's rejection, which is thrown, and here.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
