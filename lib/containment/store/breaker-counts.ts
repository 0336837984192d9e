import type pg from 'pg';
import type { BreakerCause, BreakerFacts } from '../schema';

type Client = Pick<pg.Pool, 'query'>;

/** What one gateway counted of an agent and an action since it last said so. `opening`: 0, or when the breaker had opened whose probes these were. */
export type Counted = {
  agent: string;
  action: string;
  opening: number;
  checks: number;
  refused: number;
  succeeded: number;
  failed: number;
  /** A decimal in the base currency. */
  spend: string;
};
export type Asked = { agent: string; action: string; seconds: number };
/** What all gateways counted of a pair over the seconds asked for. */
export type Total = Asked & { checks: number; refused: number; succeeded: number; failed: number; spend: string };

/** countBreakers adds what a gateway counted, with the gateway's own rights, and answers the totals asked for. */
export async function countBreakers(client: Client, counted: readonly Counted[], asked: readonly Asked[]): Promise<Total[]> {
  const { rows } = await client.query<Record<string, string>>({
    name: 'breaker_count',
    text: `SELECT agent_id, action_type, seconds, checks, refused, succeeded, failed, trim_scale(spend)::text AS spend
      FROM breaker_count($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      counted.map(({ agent }) => agent),
      counted.map(({ action }) => action),
      counted.map(({ opening }) => opening),
      counted.map(({ checks }) => checks),
      counted.map(({ refused }) => refused),
      counted.map(({ succeeded }) => succeeded),
      counted.map(({ failed }) => failed),
      counted.map(({ spend }) => spend),
      asked.map(({ agent }) => agent),
      asked.map(({ action }) => action),
      asked.map(({ seconds }) => seconds),
    ],
  });
  return rows.map((row) => ({
    agent: row['agent_id'] ?? '',
    action: row['action_type'] ?? '',
    seconds: Number(row['seconds']),
    checks: Number(row['checks']),
    refused: Number(row['refused']),
    succeeded: Number(row['succeeded']),
    failed: Number(row['failed']),
    spend: row['spend'] ?? '0',
  }));
}

export type NewOpening = { agent: string; action: string; cause: BreakerCause; facts: BreakerFacts; pauseSeconds: number; probes: number };

/** openBreaker opens a closed breaker, with the gateway's own rights; false when it is open already. */
export async function openBreaker(client: Client, event: string, opening: NewOpening): Promise<boolean> {
  const { agent, action, cause, facts, pauseSeconds, probes } = opening;
  const { rows } = await client.query<{ opened: boolean }>('SELECT breaker_open($1, $2, $3, $4, $5, $6, $7) AS opened', [
    event,
    agent,
    action,
    cause,
    JSON.stringify(facts),
    pauseSeconds,
    probes,
  ]);
  return rows[0]?.opened ?? false;
}
