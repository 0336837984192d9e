import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './findings';
import { readKey, readNote, type CheckpointKey, type SignedHead } from './notes';

export type Outside = {
  directory: string;
  key: CheckpointKey | null;
  keyFrom: string;
  /** By size, each size once. */
  heads: SignedHead[];
  files: number;
  /** Files that are no checkpoints by their name. */
  ignored: number;
  findings: Finding[];
};

const fileName = /^\d{20}\.txt$/;
const keyFile = 'checkpoint.vkey';
const depthMax = 3;

/** readOutside reads every checkpoint of a directory, however it was copied, and keeps those that the key signed. `given` is a verifier key or a file with one. */
export function readOutside(directory: string, given: string | undefined): Outside {
  const published = path.join(directory, keyFile);
  const { key, from } = given === undefined ? keyOf(published) : keyGiven(given);
  const outside: Outside = { directory, key, keyFrom: from, heads: [], files: 0, ignored: 0, findings: [] };
  const bySize = new Map<bigint, SignedHead>();
  for (const file of filesBelow(directory, depthMax)) {
    if (!fileName.test(path.basename(file))) {
      if (path.basename(file) !== keyFile) outside.ignored += 1;
      continue;
    }
    outside.files += 1;
    if (key) take(file, key, bySize, outside.findings);
  }
  if (!key && outside.files > 0)
    outside.findings.push({
      kind: 'key_missing',
      seqs: [],
      interval: null,
      detail: `${from} holds no verifier key, so ${outside.files} checkpoints cannot be believed; give the key with --vkey`,
    });
  outside.heads = [...bySize.values()].sort((a, b) => (a.size < b.size ? -1 : 1));
  return outside;
}

function take(file: string, key: CheckpointKey, bySize: Map<bigint, SignedHead>, findings: Finding[]): void {
  const head = readNote(readFileSync(file, 'utf8'), key);
  const forged = (why: string) => findings.push({ kind: 'checkpoint_forged', seqs: [], interval: null, detail: `${file}: ${why}` });
  if (typeof head === 'string') {
    forged(head);
    return;
  }
  if (BigInt(path.basename(file, '.txt')) !== head.size) forged(`its name is not its size, ${head.size}`);
  const other = bySize.get(head.size);
  if (other && !other.root.equals(head.root)) {
    findings.push({
      kind: 'checkpoints_disagree',
      seqs: [head.size],
      interval: null,
      detail: `${file}: another checkpoint of size ${head.size} has another root, and both are signed`,
    });
  }
  if (!other) bySize.set(head.size, head);
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
