import pg from 'pg';
import { prisma } from '@/lib/platform/db/prisma';
import { findDetector } from '../domain';
import { Finding } from '../schema';
import { sweepFindings } from '../service';
import { columns } from '../store/findings';

/** Fate does to a test's database what no service does: time passes, people are gone without a word, a gateway notices something. */
export class Fate {
  private constructor(private readonly client: pg.Client) {}

  /** begin connects to a test's database, past every trigger. */
  static async begin({ superuserUrl }: { superuserUrl: string }): Promise<Fate> {
    const client = new pg.Client({ connectionString: superuserUrl });
    await client.connect();
    await client.query('SET session_replication_role = replica');
    return new Fate(client);
  }

  end = (): Promise<void> => this.client.end();

  async sql(text: string, values: unknown[] = []): Promise<void> {
    await this.client.query(text, values);
  }

  /** observe notes what a gateway noticed, once for each value. */
  observe(kind: string, subject: string, values: string[]): Promise<void> {
    const many = values.map(() => 1);
    return this.sql('SELECT observe($1::text[], $2::text[], $3::text[], $4::bigint[])', [
      values.map(() => kind),
      values.map(() => subject),
      values,
      many,
    ]);
  }

  /** decided puts a decision into the explorer's table alone, so many days ago and before all that really happened, in the order of time. */
  async decided(agent: string, action: string, days: number, id = `dec_${Math.random()}`): Promise<string> {
    await this.sql(
      `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type, verdict)
       SELECT (extract(epoch FROM at) * 1000000)::bigint - 4000000000000000, at, 'decision.made', $1, $2, $3, 'allow'
       FROM (SELECT now() - make_interval(hours => $4::int) AS at) t`,
      [id, agent, action, Math.round(days * 24)],
    );
    return id;
  }
}

/** look looks once with one detector and answers the finding of a cause, undefined when it was never found. */
export async function look(detector: string, key: string): Promise<Finding | undefined> {
  const row = findDetector(detector);
  if (!row) throw new Error(`there is no detector ${detector}`);
  await sweepFindings([row]);
  return findingOf(detector, key);
}

/** findingOf reads the finding of a cause as it stands. */
export async function findingOf(detector: string, key: string): Promise<Finding | undefined> {
  const rows = await prisma().$queryRaw<unknown[]>`SELECT ${columns} FROM findings f WHERE f.detector = ${detector} AND f.key = ${key}`;
  return rows[0] === undefined ? undefined : Finding.parse(rows[0]);
}
