import pg from 'pg';
import type { Ground } from './ground';
import { freezePostgres, stopPostgres, thawPostgres } from './postgres';
import { withClient } from '@/lib/platform/db';

/**
 * A way in which the gateways can no longer know; `begin` resolves once it is in force, `end` once it is mended. `mayDecide`: a gateway that still
 * has its connections may go on deciding, and recording. `mayIssue`: tokens need no policy.
 */
export type Fault = {
  name: string;
  mayDecide?: boolean;
  mayIssue?: boolean;
  begin: (ground: Ground) => Promise<void>;
  end: (ground: Ground) => Promise<void>;
};

const corrupted = 'pol_baseline';

const readOnly = (ground: Ground, setting: string): Promise<void> =>
  ground.asSuperuser('SET default_transaction_read_only = off', setting, 'SELECT pg_reload_conf()', 'SELECT pg_sleep(0.2)');

async function changePolicy(ground: Ground, change: string): Promise<void> {
  const client = await ground.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query(change);
    await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('policy.published', $1, convert_to($2, 'UTF8'))", [
      corrupted,
      JSON.stringify({ kind: 'policy.published', id: 'evt_torture', subject: { type: 'policy', id: corrupted } }),
    ]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Somebody else on the same server who takes every connection there is, and each that becomes free. */
class Hog {
  private readonly held = new Set<pg.Client>();
  private running: Promise<unknown> = Promise.resolve();
  private hungry = true;

  begin(ground: Ground): Promise<void> {
    // Its own connection first: even a superuser's place is taken by those who only knock.
    return withClient(ground.urls.superuser, (superuser) => this.take(ground, superuser));
  }

  private async take(ground: Ground, superuser: pg.Client): Promise<void> {
    let full = (): void => undefined;
    const filled = new Promise<void>((resolve) => (full = resolve));
    const take = async (): Promise<void> => {
      while (this.hungry) {
        const client = new pg.Client({
          connectionString: ground.urls.owner,
          application_name: 'torture-hog',
          connectionTimeoutMillis: 2_000,
        });
        client.on('error', () => this.held.delete(client));
        try {
          await client.connect();
          this.held.add(client);
        } catch {
          full();
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    };
    this.running = Promise.all(Array.from({ length: 8 }, take));
    await filled;
    // From here on the gateways have to come back for connections that others took.
    await superuser.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'countersign_gateway'");
  }

  async end(): Promise<void> {
    this.hungry = false;
    await this.running;
    await Promise.all([...this.held].map((client) => client.end().catch(() => undefined)));
    this.held.clear();
    this.hungry = true;
  }
}
const hog = new Hog();

/** Every fault that is tried. */
export const faults: readonly Fault[] = [
  { name: 'stopped', begin: ({ cluster }) => stopPostgres(cluster), end: ({ cluster }) => cluster.restart() },
  { name: 'frozen', begin: async ({ cluster }) => freezePostgres(cluster), end: async ({ cluster }) => thawPostgres(cluster) },
  {
    name: 'read-only',
    begin: (ground) => readOnly(ground, 'ALTER SYSTEM SET default_transaction_read_only = on'),
    end: (ground) => readOnly(ground, 'ALTER SYSTEM RESET default_transaction_read_only'),
  },
  {
    name: 'a policy row corrupted',
    mayIssue: true,
    begin: (ground) =>
      changePolicy(
        ground,
        `UPDATE policies SET document = jsonb_build_object('was', document) WHERE id = '${corrupted}' AND status = 'active'`,
      ),
    end: (ground) => changePolicy(ground, `UPDATE policies SET document = document->'was' WHERE id = '${corrupted}' AND status = 'active'`),
  },
  { name: 'every connection taken', mayDecide: true, begin: (ground) => hog.begin(ground), end: () => hog.end() },
];
