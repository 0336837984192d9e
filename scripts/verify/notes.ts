import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** A public key that signs checkpoints, under its name. */
export type CheckpointKey = { name: string; id: Buffer; key: KeyObject; text: string };
/** What a note that this key signed says. */
export type SignedHead = { size: bigint; root: Buffer };

const plainEd25519 = 1;

function strictBase64(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** readKey reads a C2SP verifier key: name, key id and typed key, separated by the first two pluses; null when it is not one. */
export function readKey(text: string): CheckpointKey | null {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim());
  const typed = strictBase64(parts?.[3] ?? '!');
  const name = parts?.[1] ?? '';
  if (!typed || typed.length !== 33 || typed[0] !== plainEd25519) return null;
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  if (id.toString('hex') !== parts?.[2]) return null;
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') } });
  return { name, id, key, text: text.trim() };
}

/** keyNamed is the same key under another name: a log that was resumed goes on under an origin of its own. */
export function keyNamed(name: string, { key }: CheckpointKey): CheckpointKey {
  const { x = '' } = key.export({ format: 'jwk' });
  const typed = Buffer.concat([Buffer.of(plainEd25519), Buffer.from(x, 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return { name, id, key, text: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

/** Opens a C2SP signed note: its text, or why it is not one that the key signed. */
function openNote(note: string, by: CheckpointKey): { body: string } | string {
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) return 'it is not a signed note';
  const body = note.slice(0, blank + 1);
  let signed = false;
  for (const line of note
    .slice(blank + 2)
    .split('\n')
    .slice(0, -1)) {
    const [dash, name, encoded, ...more] = line.split(' ');
    const bytes = strictBase64(encoded ?? '!');
    if (dash !== '—' || !name || !bytes || bytes.length < 5 || more.length > 0) return 'a signature line is malformed';
    if (name !== by.name || !bytes.subarray(0, 4).equals(by.id)) continue;
    if (bytes.length !== 68 || !verify(null, Buffer.from(body, 'utf8'), by.key, bytes.subarray(4))) return 'its signature is not valid';
    signed = true;
  }
  return signed ? { body } : `it has no signature of ${by.name}`;
}

/** readNote reads a checkpoint (C2SP tlog-checkpoint in a C2SP signed note) and says in one sentence why it is not one that the key signed. */
export function readNote(note: string, by: CheckpointKey): SignedHead | string {
  const opened = openNote(note, by);
  if (typeof opened === 'string') return opened;
  const [origin, size = '', encodedRoot = '', end, ...extensions] = opened.body.split('\n');
  const root = strictBase64(encodedRoot);
  if (origin !== by.name || !sizeShape.test(size) || root?.length !== 32 || end !== '' || extensions.length > 0)
    return 'its text is not a checkpoint of this log';
  return { size: BigInt(size), root };
}

/** What was signed when two people let the ledger go on from an older state: from `kept` on it is another one than `abandoned`, by the ledger's row `row`. */
export type Abandonment = {
  number: number;
  resumption: string;
  row: bigint;
  origin: string;
  abandoned: SignedHead;
  kept: SignedHead;
};

const sizeShape = /^(0|[1-9][0-9]{0,18})$/;

/** readAbandonment reads such a note, and says in one sentence why it is not one that the key signed. */
export function readAbandonment(note: string, by: CheckpointKey): Abandonment | string {
  const opened = openNote(note, by);
  if (typeof opened === 'string') return opened;
  const [first, ...lines] = opened.body.split('\n');
  const words = lines.slice(0, -1).map((line) => line.split(' '));
  const [number, resumption, row, abandoned, kept] = words;
  const shape = words.map(([name, ...rest]) => `${name} ${rest.length}`).join();
  const numbers = [number?.[1], row?.[1], abandoned?.[2], kept?.[1]];
  const [root, keptRoot] = [strictBase64(abandoned?.[3] ?? '!'), strictBase64(kept?.[2] ?? '!')];
  if (
    first !== `${by.name}/resumptions` ||
    shape !== 'number 1,resumption 1,row 1,abandoned 3,kept 2' ||
    !numbers.every((text) => sizeShape.test(text ?? '')) ||
    root?.length !== 32 ||
    keptRoot?.length !== 32
  )
    return 'its text does not say what a resumption abandoned';
  return {
    number: Number(number?.[1]),
    resumption: resumption?.[1] ?? '',
    row: BigInt(row?.[1] ?? 0),
    origin: abandoned?.[1] ?? '',
    abandoned: { size: BigInt(abandoned?.[2] ?? 0), root },
    kept: { size: BigInt(kept?.[1] ?? 0), root: keptRoot },
  };
}
