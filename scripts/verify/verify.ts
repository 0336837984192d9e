import { readOutside, type Outside } from './checkpoints';
import { Examiner, type Examined } from './examine';
import type { Finding, Interval } from './findings';
import type { Options } from './options';
import { openDatabase, openExport, type Source } from './rows';

export type Verdict = {
  ok: boolean;
  source: string;
  rows: number;
  last: bigint;
  lastHash: string;
  /** Null when the chain alone was checked. */
  checkpoints: {
    directory: string;
    files: number;
    ignored: number;
    smallest: bigint;
    largest: bigint;
    key: string | null;
    keyFrom: string;
  } | null;
  sides: { intact: number; erased: number } | null;
  /** The largest signed size up to which every row is as it was signed. */
  proven: bigint;
  firstBad: Interval | null;
  findings: Finding[];
  findingsTotal: number;
  notes: string[];
  seconds: number;
};

/** verify reads the ledger once and compares it with what was handed outside. Throws one sentence when it cannot be done. */
export async function verify(options: Pick<Options, 'source' | 'checkpoints' | 'vkey'>): Promise<Verdict> {
  const began = Date.now();
  const outside = options.checkpoints === undefined ? null : readOutside(options.checkpoints, options.vkey);
  if (options.source.kind === 'export') return examine(openExport(options.source.file), outside, began);
  const source = await openDatabase(options.source.url);
  try {
    return await examine(source, outside, began);
  } finally {
    await source.close();
  }
}

async function examine(source: Source, outside: Outside | null, began: number): Promise<Verdict> {
  const examiner = new Examiner(outside?.heads ?? [], source.head, source.hasSides);
  for await (const page of source.pages) examiner.take(page);
  const examined = examiner.finish();
  if (outside?.files === 0 && examined.rows > 0)
    throw new Error(
      `There is no checkpoint in ${outside.directory} to compare with; give their directory with --checkpoints, or check the chain alone with --chain-only.`,
    );
  const findings = [...(outside?.findings ?? []), ...examined.findings];
  return {
    ok: findings.length === 0,
    source: source.name,
    rows: examined.rows,
    last: examined.last,
    lastHash: examined.lastHash.toString('hex'),
    checkpoints: outside && {
      directory: outside.directory,
      files: outside.files,
      ignored: outside.ignored,
      smallest: outside.heads[0]?.size ?? 0n,
      largest: outside.heads.at(-1)?.size ?? 0n,
      key: outside.key?.text ?? null,
      keyFrom: outside.keyFrom,
    },
    sides: source.hasSides ? examined.sides : null,
    proven: outside?.key ? examined.proven : 0n,
    firstBad: examined.firstBad,
    findings,
    findingsTotal: examined.findingsTotal + (outside?.findings.length ?? 0),
    notes: notesOf(source, outside, examined),
    seconds: (Date.now() - began) / 1000,
  };
}

/** What a clean result does not prove. */
function notesOf(source: Source, outside: Outside | null, { last, proven }: Examined): string[] {
  const largest = outside?.heads.at(-1)?.size ?? 0n;
  return [
    ...(outside === null ? ['No checkpoint was compared with: whoever can write the database could have written all of it anew.'] : []),
    ...(outside && last > proven
      ? [
          `The ${last - proven} rows after row ${proven} are covered by no checkpoint here: they form a chain, and a superuser could still change or cut them.`,
        ]
      : []),
    ...(outside && source.storedCheckpoint > largest
      ? [
          `The database remembers a checkpoint of size ${source.storedCheckpoint}, and the largest here is ${largest}: this directory is an older copy, or lost files.`,
        ]
      : []),
    ...(source.hasSides
      ? [
          'Of side rows, salt and digest were compared with the ledger; the encrypted text can be compared only by who has its key. Erased ones prove nothing more.',
        ]
      : ['An export carries no side rows, so none was compared.']),
    ...(outside?.key && outside.keyFrom.endsWith('checkpoint.vkey')
      ? [
          'The key was taken from beside the checkpoints; whoever can replace both goes unseen, unless you compare it with a copy of your own (--vkey).',
        ]
      : []),
  ];
}
