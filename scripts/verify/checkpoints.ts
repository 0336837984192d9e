import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './findings';
import { followNewest, type History } from './histories';
import { keyNamed, readAbandonment, readKey, readNote, type Abandonment, type CheckpointKey, type SignedHead } from './notes';

export type Outside = {
  directory: string;
  key: CheckpointKey | null;
  keyFrom: string;
  /** What the rows must give, by size, each size once: the checkpoints of the newest history, and what it kept of those before it. */
  heads: SignedHead[];
  /** The origin of the newest history. */
  origin: string;
  /** Each time two people let the ledger go on from an older state, oldest first. */
  resumptions: Abandonment[];
  /** The largest size that was ever signed here, abandoned or not. */
  largest: bigint;
  files: number;
  /** Files that are no checkpoints by their name. */
  ignored: number;
  findings: Finding[];
};

const fileName = /^\d{20}\.txt$/;
const keyFile = 'checkpoint.vkey';
const abandonmentFile = 'resumption.txt';
const depthMax = 4;

type Histories = Map<string, History & { key: CheckpointKey; bySize: Map<bigint, SignedHead> }>;

/** readOutside reads every checkpoint of a directory, however it was copied, and keeps those that the key signed. `given` is a verifier key or a file with one. */
export function readOutside(directory: string, given: string | undefined): Outside {
  const published = path.join(directory, keyFile);
  const { key, from } = given === undefined ? keyOf(published) : keyGiven(given);
  const outside: Outside = {
    directory,
    key,
    keyFrom: from,
    heads: [],
    origin: key?.name ?? '',
    resumptions: [],
    largest: 0n,
    files: 0,
    ignored: 0,
    findings: [],
  };
  const files = filesBelow(directory, depthMax);
  const histories: Histories = new Map();
  if (key) histories.set(key.name, { origin: key.name, began: null, heads: [], key, bySize: new Map() });
  // What a resumption abandoned names the origin under which it went on.
  for (const file of files) if (key && path.basename(file) === abandonmentFile) takeAbandonment(file, key, histories, outside.findings);
  for (const file of files) {
    const name = path.basename(file);
    if (!fileName.test(name)) {
      if (name !== keyFile && name !== abandonmentFile) outside.ignored += 1;
      continue;
    }
    outside.files += 1;
    if (key) take(file, key, histories, outside.findings);
  }
  if (!key && outside.files > 0)
    outside.findings.push({
      kind: 'key_missing',
      seqs: [],
      interval: null,
      detail: `${from} holds no verifier key, so ${outside.files} checkpoints cannot be believed; give the key with --vkey`,
    });
  for (const { heads } of histories.values()) heads.sort((a, b) => (a.size < b.size ? -1 : 1));
  const followed = followNewest([...histories.values()]);
  outside.findings.push(...followed.findings);
  const sizes = [...histories.values()].map(({ heads }) => heads.at(-1)?.size ?? 0n);
  return {
    ...outside,
    heads: followed.heads,
    origin: followed.origin || outside.origin,
    resumptions: followed.resumptions,
    largest: sizes.reduce((a, b) => (a > b ? a : b), 0n),
  };
}

function takeAbandonment(file: string, key: CheckpointKey, histories: Histories, findings: Finding[]): void {
  const began = readAbandonment(readFileSync(file, 'utf8'), key);
  if (typeof began === 'string') {
    findings.push({ kind: 'resumption_forged', seqs: [], interval: null, detail: `${file}: ${began}` });
    return;
  }
  const origin = `${key.name}/${began.resumption}`;
  const other = histories.get(origin)?.began;
  if (other && (other.row !== began.row || other.number !== began.number || !other.abandoned.root.equals(began.abandoned.root)))
    findings.push({ kind: 'checkpoints_disagree', seqs: [], interval: null, detail: `${file}: the same resumption began otherwise` });
  if (!other) histories.set(origin, { origin, began, heads: [], key: keyNamed(origin, key), bySize: new Map() });
}

function take(file: string, key: CheckpointKey, histories: Histories, findings: Finding[]): void {
  const note = readFileSync(file, 'utf8');
  const origin = note.slice(0, note.indexOf('\n'));
  const forged = (why: string) => findings.push({ kind: 'checkpoint_forged', seqs: [], interval: null, detail: `${file}: ${why}` });
  const history = histories.get(origin) ?? histories.get(key.name);
  const head = history ? readNote(note, history.key) : '';
  if (!history || typeof head === 'string') {
    const unknown = origin.startsWith(`${key.name}/`) && typeof readNote(note, keyNamed(origin, key)) !== 'string';
    forged(unknown ? `it is of ${origin}, and nothing here says what that abandoned (${abandonmentFile})` : String(head));
    return;
  }
  if (BigInt(path.basename(file, '.txt')) !== head.size) forged(`its name is not its size, ${head.size}`);
  const other = history.bySize.get(head.size);
  if (other && !other.root.equals(head.root)) {
    findings.push({
      kind: 'checkpoints_disagree',
      seqs: [head.size],
      interval: null,
      detail: `${file}: another checkpoint of size ${head.size} has another root, and both are signed`,
    });
  }
  if (other) return;
  history.bySize.set(head.size, head);
  history.heads.push(head);
}

function filesBelow(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isFile()) return [full];
    return entry.isDirectory() && depth > 1 ? filesBelow(full, depth - 1) : [];
  });
}

function keyOf(file: string): { key: CheckpointKey | null; from: string } {
  return { key: existsSync(file) ? readKey(readFileSync(file, 'utf8')) : null, from: file };
}

function keyGiven(given: string): { key: CheckpointKey; from: string } {
  const inLine = readKey(given);
  if (inLine) return { key: inLine, from: '--vkey' };
  const { key, from } = existsSync(given) && statSync(given).isFile() ? keyOf(given) : { key: null, from: given };
  if (!key) throw new Error('--vkey is neither a verifier key (name+id+key) nor a file that holds one.');
  return { key, from };
}
