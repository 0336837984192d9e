import { createHash } from 'node:crypto';
import { hashBytes } from './merkle';
import { decodeBase64, openNote, signNote, type NoteSigner, type NoteVerifier } from './note';

/** A signed statement: the first `size` rows of the ledger have this Merkle tree hash. */
export type Checkpoint = { origin: string; size: bigint; root: Buffer };

/** Under load a checkpoint is signed this often. */
export const busyMs = 1_000;
/** A trickle is signed this often; a first row after such a pause is signed at once. */
export const idleMs = 60_000;
/** So many rows since the last checkpoint count as load. */
export const busyRows = 16n;

/** originOf names an installation's log by its key, so that two installations can never be taken for one another. `publicKey` is the 32 raw bytes. */
export const originOf = (publicKey: Uint8Array): string =>
  `countersign/${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`;

/** signCheckpoint writes the signed text of a checkpoint. C2SP tlog-checkpoint. */
export function signCheckpoint(size: bigint, root: Buffer, signer: NoteSigner): string {
  return signNote(`${signer.name}\n${size}\n${root.toString('base64')}\n`, signer);
}

/** openCheckpoint reads a checkpoint that this key signed for the log of its own name; undefined when anything is amiss. C2SP tlog-checkpoint. */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint | undefined {
  const lines = openNote(note, verifier)?.split('\n');
  if (lines?.length !== 4) return undefined;
  const [origin = '', size = '', encoded = ''] = lines;
  const root = decodeBase64(encoded);
  if (origin !== verifier.name || !/^(0|[1-9]\d{0,18})$/.test(size) || root?.length !== hashBytes) return undefined;
  return { origin, size: BigInt(size), root };
}

/**
 * isDue tells whether `grownBy` unsigned rows are to be signed now, `sinceSignedMs` after the last checkpoint. `binds`: one of them changed what gateways
 * decide by (a stop, a suspension): that it was lost must be noticed soon.
 */
export function isDue(grownBy: bigint, sinceSignedMs: number, binds: boolean): boolean {
  if (grownBy <= 0n) return false;
  return sinceSignedMs >= idleMs || ((binds || grownBy >= busyRows) && sinceSignedMs >= busyMs);
}

/** fileNameOf names a checkpoint's file: its size in 20 digits, so that names sort as sizes do. */
export const fileNameOf = (size: bigint): string => `${size.toString().padStart(20, '0')}.txt`;
