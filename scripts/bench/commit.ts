import pg from 'pg';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { encodeBatch, type CommitItem } from '@/lib/ledger/domain/batch';
import { sealSide } from '@/lib/ledger/domain/side';
import { callCommit } from '@/lib/ledger/store/commit';
import type { Urls } from '@/scripts/start/config';

const payload = JSON.stringify({ kind: 'decision.made', filler: 'x'.repeat(700) });

/**
 * measureCommit times for `seconds` each, one after the other on one connection, what no decision can do without; p50 in milliseconds. As long as the
 * checks it is compared with: a fifth of a second of one machine is another machine than the four after it.
 */
export async function measureCommit(urls: Required<Urls>, seconds: number): Promise<{ plainMs: number; chainedMs: number }> {
  return { plainMs: await plain(urls.owner, seconds), chainedMs: await chained(urls.gateway, seconds) };
}

// The least PostgreSQL can do durably: one row of the same size.
async function plain(url: string, seconds: number): Promise<number> {
  return timed(url, seconds, async (client) => {
    await client.query('CREATE TABLE IF NOT EXISTS bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bytes bytea)');
    const bytes = Buffer.from(payload);
    return () => client.query({ name: 'plain', text: 'INSERT INTO bench_rows (bytes) VALUES ($1)', values: [bytes] });
  });
}

// One decision as the gateway commits it: chained, with its encrypted side row, compared with the epoch and the halts.
async function chained(url: string, seconds: number): Promise<number> {
  return timed(url, seconds, async (client) => {
    const { rows } = await client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
    const epoch = Number(rows[0]?.epoch ?? 0);
    const key = Buffer.alloc(32, 1);
    return async () => {
      const eventId = newId('dec');
      const item: CommitItem = {
        eventId,
        agent: 'agt_bench',
        workflow: newId('wfl'),
        payload,
        side: sealSide(key, payload, sha256(eventId), eventId),
        refuseWhenHalted: true,
        haltsWorkflow: false,
      };
      const answer = await callCommit(client, epoch, 'bench', encodeBatch([item]));
      if (answer.outcomes !== '0') throw new Error(`the commit answered ${JSON.stringify(answer)}`);
    };
  });
}

async function timed(url: string, seconds: number, prepare: (client: pg.Client) => Promise<() => Promise<unknown>>): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const once = await prepare(client);
    for (let i = 0; i < 100; i++) await once();
    const took: number[] = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const started = performance.now();
      await once();
      took.push(performance.now() - started);
    }
    return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? Number.NaN;
  } finally {
    await client.end();
  }
}
