import type { ClientBase } from 'pg';
import type { KeyObject } from 'node:crypto';
import { branchOrigin, openAbandonment, signAbandonment, type Abandonment, type TreeHead } from '../domain/branch';
import { rangeRoot } from '../domain/merkle';
import { newSigner, type NoteSigner } from '../domain/note';
import { EventPayload, rowHeadBytes } from '../schema';
import { listChainRows } from '../store/checkpoints';
import { folderOf, keepAbandonment, publishKey } from '../store/outside';
import type { SignedResumption } from '../store/resumptions';
import type { Outside, Refusal } from './outside';
import { beginning, follow, measure, type Position } from './stock';

/** A history to go on in: where its checkpoints go, what signs them, and the tree of all rows. */
export type Opened = { number: number; folder: string; signer: NoteSigner; position: Position };

/**
 * openBranch begins the history that two people resumed: reads every row to find what is kept, and writes into a folder of its own what is abandoned,
 * before anything is signed there. What was handed outside before is left as it is. Done again after a crash it writes the same.
 */
export async function openBranch(
  client: ClientBase,
  outside: Outside,
  { base, privateKey }: { base: NoteSigner; privateKey: KeyObject },
  resumption: SignedResumption,
): Promise<Opened | Refusal> {
  const { id, row } = resumption;
  if (!(await saysSo(client, resumption))) return { refused: 'forked', detail: `row ${row} is not the signature of resumption ${id}` };
  const found = outside.newest ? await measure(client, outside) : await readOn(client, resumption.keptSize);
  if ('refused' in found) return found;
  const { kept, position } = found;
  const abandoned = { origin: resumption.outsideOrigin, size: resumption.outsideSize, root: resumption.outsideRoot };
  const noteOf = (number: number): string => signAbandonment({ number, resumption: id, row, abandoned, kept } satisfies Abandonment, base);
  const last = outside.folders.at(-1);
  // One that a crash left without a checkpoint is taken up again.
  const number = last && last.number > 0 && last.note === noteOf(last.number) ? last.number : (last?.number ?? 0) + 1;
  const folder = folderOf(outside.directory, number);
  // Its name is the origin, and a log never signs two trees under one.
  const used = outside.folders.some(
    ({ note }) => note !== undefined && note !== noteOf(number) && openAbandonment(note, base)?.resumption === id,
  );
  if (used) return { refused: 'forked', detail: `resumption ${id} was used before, for another checkpoint` };
  const signer = newSigner(branchOrigin(base.name, id), privateKey);
  if ((await keepAbandonment(folder, noteOf(number))) === 'differs' || !(await publishKey(folder, signer.text)))
    return { refused: 'forked', detail: `${folder} began with something else` };
  return { number, folder, signer, position };
}

/** The rows' own word for a resumption: what the table says may have been written by anybody with rights on it. */
async function saysSo(client: ClientBase, { id, row, outsideSize, outsideRoot }: SignedResumption): Promise<boolean> {
  const [found] = await listChainRows(client, row, 1);
  if (found?.seq !== row) return false;
  try {
    const event = EventPayload.safeParse(JSON.parse(found.bytes.toString('utf8', rowHeadBytes)));
    const { kind, subject, data } = event.data ?? {};
    return (
      kind === 'resumption.signed' &&
      subject?.id === id &&
      data?.['outside_size'] === outsideSize.toString() &&
      data['outside_root'] === outsideRoot.toString('hex')
    );
  } catch {
    return false;
  }
}

/** Where nothing of the history before lies outside, people's word for what was kept is all there is. */
async function readOn(client: ClientBase, keptSize: bigint): Promise<{ kept: TreeHead; position: Position } | Refusal> {
  const kept = await follow(client, beginning, keptSize);
  if ('refused' in kept) return kept;
  const position = await follow(client, kept);
  if ('refused' in position) return position;
  return { kept: { size: kept.range.size, root: rangeRoot(kept.range) }, position };
}
