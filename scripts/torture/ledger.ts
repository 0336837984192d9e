import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { withClient } from '@/lib/platform/db';
import type { Findings } from './scenario';

/** What the scenarios read of a row's payload, a decision's or an event's. */
const Payload = z.looseObject({
  kind: z.string(),
  id: z.string(),
  agent: z.string().optional(),
  workflow: z.string().optional(),
  verdict: z.string().optional(),
  trace: z.string().optional(),
  approval: z.string().optional(),
  used_approval: z.string().optional(),
  subject: z.object({ id: z.string() }).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type Entry = z.infer<typeof Payload> & { seq: number };

const pageRows = 5_000;
const headBytes = 48;
type Row = { seq: string; bytes: Buffer; hash: Buffer; at_us: string };

/** lastSeq is the seq of the last row, 0 on an empty ledger. */
export function lastSeq(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ seq: string }>('SELECT coalesce(max(last_seq), 0) AS seq FROM ledger_batches');
    return Number(rows[0]?.seq ?? 0);
  });
}

/**
 * readLedger visits every row after `after` in order, and checks on the way, from the bytes alone, that they are one gapless chain: a row out of
 * place is a violation. Shares nothing with the writer or the verifier. Returns how many rows it read.
 */
export function readLedger(
  url: string,
  after: number,
  findings: Findings,
  visit: (entry: Entry) => void = () => undefined,
): Promise<number> {
  return withClient(url, async (client) => {
    const page = async (from: number): Promise<Row[]> => {
      const text = `SELECT seq, bytes, hash, (extract(epoch FROM at) * 1000000)::bigint AS at_us FROM ledger WHERE seq > $1 ORDER BY seq LIMIT ${pageRows}`;
      return (await client.query<Row>(text, [from])).rows;
    };
    let previous = after === 0 ? Buffer.alloc(32) : (await page(after - 1))[0]?.hash;
    if (!previous) throw new Error(`the ledger has no row ${after}`);
    let seq = after;
    for (;;) {
      const rows = await page(seq);
      for (const row of rows) {
        seq++;
        const { bytes, hash } = row;
        const follows =
          Number(row.seq) === seq &&
          bytes.readBigUInt64BE(0) === BigInt(seq) &&
          bytes.readBigInt64BE(8) === BigInt(row.at_us) &&
          bytes.subarray(16, headBytes).equals(previous) &&
          hash.equals(createHash('sha256').update(Buffer.of(0)).update(bytes).digest());
        if (!follows) findings.violated(`row ${row.seq} stands where row ${seq} should follow its predecessor`);
        seq = Number(row.seq);
        previous = hash;
        visit({ ...Payload.parse(JSON.parse(bytes.toString('utf8', headBytes))), seq });
      }
      if (rows.length < pageRows) return seq - after;
    }
  });
}

/** verifyCleanly runs the shipped verifier in a process of its own; anything but "agrees" on a log nobody tampered with is a false alarm. */
export async function verifyCleanly(url: string, findings: Findings, checkpoints?: string): Promise<string> {
  const where = checkpoints === undefined ? ['--chain-only'] : ['--checkpoints', checkpoints];
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/verify/index.ts', '--database', url, ...where], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  findings.expect(code === 0, () => `the verifier raised a false alarm (exit ${code}): ${output.trim()}`);
  return output;
}
