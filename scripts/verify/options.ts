import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export type Options = {
  source: { kind: 'database'; url: string } | { kind: 'export'; file: string };
  /** Undefined: the chain alone, by the caller's wish. */
  checkpoints: string | undefined;
  vkey: string | undefined;
  /** Resumptions that the caller knows of and takes for true. */
  resumed: readonly string[];
  json: boolean;
};

export const usage = `npm run verify -- [options]

  --checkpoints DIR   the checkpoints that were handed outside, or another copy of them (default: this installation's)
  --vkey KEY          the key they must be signed with: a verifier key, or a file with one (default: DIR/checkpoint.vkey)
  --database URL      the database to read (default: this installation's)
  --export FILE       an export to read instead (npm run ledger:export); - for standard input
  --resumed ID        a resumption (rsm_…) that you know to be true: you have asked the two people (may be given again)
  --chain-only        compare with no checkpoints: proves much less
  --json              the result as JSON

Exit code: 0 everything agrees, 1 something was tampered with, 2 could not be checked, 3 the ledger was resumed from an older state: rows that were signed
are not in it, and you did not say with --resumed that you know.`;

/** readOptions reads the command line, and what it leaves open from this installation. Throws one sentence when that is not enough. */
export function readOptions(args: string[], environment: Readonly<Record<string, string | undefined>>): Options | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      checkpoints: { type: 'string' },
      vkey: { type: 'string' },
      database: { type: 'string' },
      export: { type: 'string' },
      resumed: { type: 'string', multiple: true, default: [] },
      'chain-only': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.database && values.export) throw new Error('Give --database or --export, not both.');
  const installed = installation(environment);
  const source = values.export
    ? { kind: 'export' as const, file: values.export }
    : { kind: 'database' as const, url: values.database ?? installed.url ?? nothing('--database URL') };
  const checkpoints = values['chain-only'] ? undefined : (values.checkpoints ?? installed.checkpoints ?? nothing('--checkpoints DIR'));
  if (checkpoints !== undefined && !existsSync(checkpoints)) throw new Error(`There is no directory ${checkpoints}.`);
  return { source, checkpoints, vkey: values.vkey, resumed: values.resumed, json: values.json };
}

function nothing(option: string): never {
  throw new Error(`No installation was found here; run "npm start" once, or give ${option}.`);
}

/** What `npm start` keeps of this installation, below what the environment says. */
function installation(environment: Readonly<Record<string, string | undefined>>): {
  url: string | undefined;
  checkpoints: string | undefined;
} {
  const file = path.join(environment['COUNTERSIGN_DATA_DIR'] || '.data', 'secrets', 'env.json');
  const saved: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const value = (name: string): string | undefined => {
    const kept = typeof saved === 'object' && saved !== null ? Object.entries(saved).find(([key]) => key === name)?.[1] : undefined;
    return environment[name] || (typeof kept === 'string' ? kept : undefined);
  };
  return { url: value('DATABASE_URL_OWNER') ?? value('DATABASE_URL') ?? value('DATABASE_URL_WEB'), checkpoints: value('CHECKPOINT_DIR') };
}
