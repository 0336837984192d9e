import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ownerEnv } from '@/lib/platform/env';
import { openDatabase, type Page } from '@/scripts/verify/rows';

const usage = `npm run --silent ledger:export -- [FILE]

  FILE             where the export goes, one row a line (default: standard output)
  --database URL   the database to read (default: this installation's)

Check it anywhere with: npm run verify -- --export FILE --checkpoints DIR`;

/** writePages writes rows as JSON lines: seq and at_us as strings (they may pass what a double holds), bytes and hash in base64. Returns how many. */
async function writePages(pages: AsyncIterable<Page>, out: Writable): Promise<number> {
  let count = 0;
  for await (const { rows } of pages) {
    const lines = rows.map((row) =>
      'unreadable' in row
        ? ''
        : `${JSON.stringify({ seq: row.seq.toString(), at_us: row.atUs?.toString() ?? '', bytes: row.bytes.toString('base64'), hash: row.hash.toString('base64') })}\n`,
    );
    count += lines.length;
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  return count;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const [file] = positionals;
  const source = await openDatabase(values.database ?? ownerEnv().DATABASE_URL_OWNER);
  try {
    if (file === undefined) await writePages(source.pages, process.stdout);
    else console.log(`${await writeFile(source.pages, file)} rows in ${file}`);
  } finally {
    await source.close();
  }
}

/** Under its name only once it is whole. */
async function writeFile(pages: AsyncIterable<Page>, file: string): Promise<number> {
  const unfinished = `${file}.unfinished`;
  const out = createWriteStream(unfinished, { mode: 0o600 });
  const ended = finished(out);
  ended.catch(() => undefined);
  try {
    const count = await writePages(pages, out);
    out.end();
    await ended;
    await rename(unfinished, file);
    return count;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
