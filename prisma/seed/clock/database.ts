import pg from 'pg';
import { withClient } from '@/lib/platform/db';

const schema = 'sample_clock';
const path = `${schema}, pg_catalog, public`;
/** The calls of PostgreSQL's clock that our SQL makes. */
const clocks = ['now', 'clock_timestamp', 'transaction_timestamp', 'statement_timestamp'];
const orderLock = '4850196113911168833';

/** Connections that are to read the moved clock begin with these settings of libpq. */
export const clockSettings = `-c search_path=${path.replaceAll(' ', '')}`;

/** What is put back when the clock is closed: statements that undo the ones that moved it. */
type Undo = string[];

/**
 * DatabaseClock moves the time that one database's rows get, for a history that is made before the product runs: the functions and column defaults
 * that ask for the time ask a table of the owner's instead. Only the owner of the functions can do it, and only while the ledger is empty.
 */
export class DatabaseClock {
  private constructor(
    private readonly owner: pg.Client,
    private readonly undo: Undo,
  ) {}

  /** open puts the clock into the database of `ownerUrl`. Throws, with nothing changed, when its ledger has a row. */
  static async open(ownerUrl: string, at: Date): Promise<DatabaseClock> {
    const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'countersign-sample-clock' });
    owner.on('error', () => undefined);
    await owner.connect();
    try {
      await owner.query('BEGIN');
      // Whoever appends takes this lock, so nothing is written between the look and the change.
      await owner.query(`SELECT pg_advisory_xact_lock(${orderLock})`);
      const { rows } = await owner.query('SELECT 1 FROM ledger LIMIT 1');
      if (rows.length > 0) throw new Error('Only an empty ledger may be given a clock, and this one has rows.');
      await makeSchema(owner, at);
      const undo = [...(await moveFunctions(owner)), ...(await moveDefaults(owner))];
      await owner.query('COMMIT');
      return new DatabaseClock(owner, undo);
    } catch (error) {
      await owner.query('ROLLBACK').catch(() => undefined);
      await owner.end().catch(() => undefined);
      throw error;
    }
  }

  /** set moves the clock; whatever begins after this resolves reads that time. */
  async set(at: Date): Promise<void> {
    await this.owner.query({ name: 'sample_clock', text: `UPDATE ${schema}.clock SET at = $1`, values: [at] });
  }

  /** ensureMonths makes the ledger's partitions from the clock's month on. */
  async ensureMonths(ahead: number): Promise<void> {
    await this.owner.query('SELECT ledger_ensure_partitions($1)', [ahead]);
  }

  /** close puts every function and default back as it was and removes the clock; from then on the database knows no time but its own. */
  async close(): Promise<void> {
    try {
      await this.owner.query('BEGIN');
      for (const statement of this.undo) await this.owner.query(statement);
      await this.owner.query(`DROP SCHEMA ${schema} CASCADE`);
      await this.owner.query('COMMIT');
    } finally {
      await this.owner.end().catch(() => undefined);
    }
  }
}

/** hasClock tells whether a load was cut off before its clock was taken out: such a database is made again. */
export async function hasClock(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    return rows.length > 0;
  });
}

async function makeSchema(owner: pg.Client, at: Date): Promise<void> {
  await owner.query(`CREATE SCHEMA ${schema}`);
  await owner.query(`CREATE UNLOGGED TABLE ${schema}.clock (at timestamptz NOT NULL) WITH (fillfactor = 10)`);
  await owner.query(`INSERT INTO ${schema}.clock VALUES ($1)`, [at]);
  for (const name of clocks)
    await owner.query(`CREATE FUNCTION ${schema}.${name}() RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER
      SET search_path = pg_catalog AS 'BEGIN RETURN (SELECT at FROM ${schema}.clock); END'`);
  // Web and gateway read the clock while the history is made; only the owner moves it.
  await owner.query(`GRANT USAGE ON SCHEMA ${schema} TO countersign_web, countersign_gateway`);
}

/** Every function of ours that asks for the time resolves it here first. */
async function moveFunctions(owner: pg.Client): Promise<Undo> {
  const { rows } = await owner.query<{ function: string; before: string | null }>(
    `SELECT p.oid::regprocedure::text AS function,
       (SELECT substring(c FROM '^search_path=(.*)$') FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%') AS before
     FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc ~ $1 ORDER BY 1`,
    [`\\y(${clocks.join('|')})\\(\\)`],
  );
  const undo: Undo = [];
  for (const { function: name, before } of rows) {
    await owner.query(`ALTER FUNCTION ${name} SET search_path = ${path}, pg_temp`);
    undo.push(before === null ? `ALTER FUNCTION ${name} RESET search_path` : `ALTER FUNCTION ${name} SET search_path = ${before}`);
  }
  return undo;
}

/** A column's default was bound to PostgreSQL's clock when the table was made. */
async function moveDefaults(owner: pg.Client): Promise<Undo> {
  const { rows } = await owner.query<{ table: string; column: string; before: string }>(
    `SELECT d.adrelid::regclass::text AS table, quote_ident(a.attname) AS column, pg_get_expr(d.adbin, d.adrelid) AS before
     FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum JOIN pg_class c ON c.oid = d.adrelid
     WHERE c.relnamespace = 'public'::regnamespace AND pg_get_expr(d.adbin, d.adrelid) = ANY ($1) ORDER BY 1, 2`,
    [clocks.map((name) => `${name}()`)],
  );
  const undo: Undo = [];
  for (const { table, column, before } of rows) {
    await owner.query(`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${schema}.${before}`);
    undo.push(`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT pg_catalog.${before}`);
  }
  return undo;
}
