import { decodeBase64, openNote, signNote, verifierNamed, type NoteSigner, type NoteVerifier } from './note';
import { hashBytes } from './merkle';

/** A tree head without its signature. */
export type TreeHead = { size: bigint; root: Buffer };

/**
 * What is signed when a ledger goes on after a restore that two people resumed: `abandoned` is the last checkpoint that the database no longer agrees
 * with, `kept` the largest one that it does, `row` the ledger row of the second signature. From there on the log has another origin, since a log never
 * signs two trees under one.
 */
export type Abandonment = { number: number; resumption: string; row: bigint; abandoned: TreeHead & { origin: string }; kept: TreeHead };

/** branchOrigin names the log that goes on after a resumption; `origin` is the installation's own (see originOf). */
export const branchOrigin = (origin: string, resumption: string): string => `${origin}/${resumption}`;

/** No checkpoint begins with this line, so that neither can be taken for the other. */
const firstLine = (origin: string): string => `${origin}/resumptions`;

const headText = ({ size, root }: TreeHead): string => `${size} ${root.toString('base64')}`;

/** signAbandonment writes the signed text of an abandonment, one fact a line. C2SP signed-note, under the installation's own key name. */
export function signAbandonment({ number, resumption, row, abandoned, kept }: Abandonment, signer: NoteSigner): string {
  const lines = [
    firstLine(signer.name),
    `number ${number}`,
    `resumption ${resumption}`,
    `row ${row}`,
    `abandoned ${abandoned.origin} ${headText(abandoned)}`,
    `kept ${headText(kept)}`,
  ];
  return signNote(`${lines.join('\n')}\n`, signer);
}

const shape =
  /^number ([1-9]\d{0,5})\nresumption (rsm_[0-9a-z]{26})\nrow (\d{1,19})\nabandoned (\S+) (\d{1,19}) (\S+)\nkept (\d{1,19}) (\S+)\n$/;

/** openAbandonment reads an abandonment that this installation's key signed; undefined when anything is amiss. */
export function openAbandonment(note: string, verifier: NoteVerifier): Abandonment | undefined {
  const text = openNote(note, verifier);
  const first = `${firstLine(verifier.name)}\n`;
  const match = text?.startsWith(first) ? shape.exec(text.slice(first.length)) : null;
  if (!match) return undefined;
  const [, number = '', resumption = '', row = '', origin = '', size = '', encoded = '', keptSize = '', keptEncoded = ''] = match;
  const [root, keptRoot] = [decodeBase64(encoded), decodeBase64(keptEncoded)];
  if (root?.length !== hashBytes || keptRoot?.length !== hashBytes) return undefined;
  return {
    number: Number(number),
    resumption,
    row: BigInt(row),
    abandoned: { origin, size: BigInt(size), root },
    kept: { size: BigInt(keptSize), root: keptRoot },
  };
}

/** One history of the ledger, under an origin of its own: number 0 is the first, each later one began with a resumption. */
export type Branch = { number: number; verifier: NoteVerifier; began: Abandonment | undefined };

/** A branch, and up to which size its checkpoints are also those of the newest history; undefined: all of them. */
export type Ancestor = Branch & { upTo: bigint | undefined };

/** branchesOf names the first history and those that abandonments began, by number. */
export function branchesOf(verifier: NoteVerifier, abandonments: readonly Abandonment[]): Branch[] {
  const later = abandonments.map((began) => ({
    number: began.number,
    verifier: verifierNamed(branchOrigin(verifier.name, began.resumption), verifier),
    began,
  }));
  return [{ number: 0, verifier, began: undefined }, ...later.sort((a, b) => a.number - b.number)];
}

/** lineageOf lists the branch and those that it came from, newest first, each with how much of it was kept. */
export function lineageOf(newest: Branch, branches: readonly Branch[]): Ancestor[] {
  const lineage: Ancestor[] = [];
  let upTo: bigint | undefined;
  for (let branch: Branch | undefined = newest; branch;) {
    lineage.push({ ...branch, upTo });
    const { began, number }: Branch = branch;
    if (!began) break;
    upTo = upTo === undefined || began.kept.size < upTo ? began.kept.size : upTo;
    // What it came from may have been handed to another directory.
    branch = branches.find((one) => one.verifier.name === began.abandoned.origin && one.number < number);
  }
  return lineage;
}
