import { readOutside, type Outside } from './checkpoints';
import { Examiner, type Examined, type Told } from './examine';
import type { Finding, Interval } from './findings';
import type { Abandonment } from './notes';
import type { Options } from './options';
import { openDatabase, openExport, type Source } from './rows';

/**
 * Once two people let the ledger go on from an older state: rows `from` to `to` were signed under `origin` and are not in it. Who asked and who signed is
 * what the ledger's rows say: whoever owned the database could have written them.
 */
export type Resumed = {
  id: string;
  row: bigint;
  askedRow: bigint | null;
  askedBy: string | null;
  signedBy: string | null;
  origin: string;
  from: bigint;
  to: bigint;
  /** The caller named it with --resumed. */
  known: boolean;
};

export type Verdict = {
  /** Everything agrees, or the caller knew of all that does not. */
  ok: boolean;
  /** `resumed`: as signed, but from an older state on, and the caller did not name each resumption. */
  result: 'agrees' | 'agrees_as_resumed' | 'resumed' | 'tampered';
  resumptions: Resumed[];
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
export async function verify(
  options: Pick<Options, 'source' | 'checkpoints' | 'vkey'> & Partial<Pick<Options, 'resumed'>>,
): Promise<Verdict> {
  const began = Date.now();
  const outside = options.checkpoints === undefined ? null : readOutside(options.checkpoints, options.vkey);
  const known = options.resumed ?? [];
  const unheard = known.find((id) => !outside?.resumptions.some(({ resumption }) => resumption === id));
  if (unheard !== undefined) throw new Error(`Nothing that was handed outside tells of a resumption ${unheard}.`);
  if (options.source.kind === 'export') return examine(openExport(options.source.file), outside, known, began);
  const source = await openDatabase(options.source.url);
  try {
    return await examine(source, outside, known, began);
  } finally {
    await source.close();
  }
}

async function examine(source: Source, outside: Outside | null, known: readonly string[], began: number): Promise<Verdict> {
  const examiner = new Examiner(outside?.heads ?? [], source.head, source.hasSides);
  for await (const page of source.pages) examiner.take(page);
  const examined = examiner.finish();
  if (outside?.files === 0 && examined.rows > 0)
    throw new Error(
      `There is no checkpoint in ${outside.directory} to compare with; give their directory with --checkpoints, or check the chain alone with --chain-only.`,
    );
  const unfounded = (outside?.resumptions ?? []).flatMap((abandonment) => unfoundedIn(examined, abandonment));
  const findings = [...(outside?.findings ?? []), ...unfounded, ...examined.findings];
  const resumptions = (outside?.resumptions ?? []).map((abandonment) => resumedAs(abandonment, examined.told, known));
  const result = resultOf(findings.length > 0, resumptions);
  return {
    ok: result === 'agrees' || result === 'agrees_as_resumed',
    result,
    resumptions,
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
    findingsTotal: examined.findingsTotal + unfounded.length + (outside?.findings.length ?? 0),
    notes: notesOf(source, outside, examined),
    seconds: (Date.now() - began) / 1000,
  };
}

function resultOf(tampered: boolean, resumptions: readonly Resumed[]): Verdict['result'] {
  if (tampered) return 'tampered';
  if (resumptions.length === 0) return 'agrees';
  return resumptions.every(({ known }) => known) ? 'agrees_as_resumed' : 'resumed';
}

const signatureOf = (told: readonly Told[], { row, resumption }: Abandonment): Told | undefined =>
  told.find((one) => one.signed && one.row === row && one.id === resumption);

/** The ledger must hold the signature itself, about exactly the checkpoint that was abandoned. */
function unfoundedIn({ told, last }: Examined, abandonment: Abandonment): Finding[] {
  const { row, resumption, abandoned } = abandonment;
  const signature = signatureOf(told, abandonment);
  if (signature?.size === abandoned.size.toString() && signature.root === abandoned.root.toString('hex')) return [];
  const detail =
    row > last
      ? `the ledger ends before row ${row}, where resumption ${resumption} was signed`
      : `row ${row} is not the signature of resumption ${resumption}`;
  return [{ kind: 'resumption_unfounded', seqs: row > last ? [] : [row], interval: null, detail }];
}

function resumedAs(abandonment: Abandonment, told: readonly Told[], known: readonly string[]): Resumed {
  const { resumption: id, row, origin, abandoned, kept } = abandonment;
  const signature = signatureOf(told, abandonment);
  const asked = told.find((one) => !one.signed && one.id === id);
  return {
    id,
    row,
    askedRow: asked?.row ?? null,
    askedBy: asked?.by ?? signature?.askedBy ?? null,
    signedBy: signature?.by ?? null,
    origin,
    from: kept.size + 1n,
    to: abandoned.size,
    known: known.includes(id),
  };
}

/** What a clean result does not prove. */
function notesOf(source: Source, outside: Outside | null, { last, proven, told }: Examined): string[] {
  const largest = outside?.largest ?? 0n;
  const untold = told.filter(({ signed, id }) => signed && !outside?.resumptions.some(({ resumption }) => resumption === id));
  return [
    ...(outside === null ? ['No checkpoint was compared with: whoever can write the database could have written all of it anew.'] : []),
    ...(outside && last > proven
      ? [
          `The ${last - proven} rows after row ${proven} are covered by no checkpoint here: they form a chain, and a superuser could still change or cut them.`,
        ]
      : []),
    ...untold.map(
      ({ row, id, by, size }) =>
        `Row ${row} says that ${by} signed resumption ${id}, so that the ledger goes on although row ${size} had been handed outside; nothing here that was handed outside says so.`,
    ),
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
