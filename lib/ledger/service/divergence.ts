import type { ClientBase } from 'pg';
import type { Divergence } from '../schema';
import { findInstantOf, findResumptionOf, type SignedResumption } from '../store/resumptions';
import { isResumable, readOutside, verifierOf, type Outside, type Refusal } from './outside';
import { measure, takeStock } from './stock';

/** Where checkpoints were handed to; `vkey` is the verifier key they must be signed with, else it is the one published beside them. */
export type OutsidePlace = { directory: string; vkey: string | undefined };

/** How a database stands with what was handed outside. `resumed`: it differs, and two people signed that it goes on. */
export type Comparison =
  | { agrees: true; outside: Outside | undefined }
  | { agrees: false; outside: Outside | undefined; refusal: Refusal; resumed: SignedResumption | undefined };

/** readPlace is readOutside with the key of the place, the public one; undefined where nothing was handed outside yet. Throws when the directory cannot be read. */
export async function readPlace({ directory, vkey }: OutsidePlace): Promise<Outside | Refusal | undefined> {
  const verifier = await verifierOf(directory, vkey);
  return verifier === undefined || 'refused' in verifier ? verifier : readOutside(directory, verifier);
}

/** compareWith compares a database with what was read outside before: in this order, since what is handed outside is in the database first. */
export async function compareWith(client: ClientBase, outside: Outside | Refusal | undefined): Promise<Comparison> {
  if (outside === undefined) return { agrees: true, outside };
  if ('refused' in outside) return { agrees: false, outside: undefined, refusal: outside, resumed: undefined };
  const stock = await takeStock(client, outside);
  if (stock.agrees) return { agrees: true, outside };
  const { newest } = outside;
  const resumed = newest && isResumable(stock) ? await findResumptionOf(client, newest.size, newest.root) : undefined;
  const { refused, detail } = stock;
  return { agrees: false, outside, refusal: { refused, detail }, resumed };
}

/** compareWithOutside reads a place and compares a database with it. */
export const compareWithOutside = async (client: ClientBase, place: OutsidePlace): Promise<Comparison> =>
  compareWith(client, await readPlace(place));

/** divergenceOf finds what is kept and what is not, reading every row; a refusal when the rows do not even form a chain. */
export async function divergenceOf(client: ClientBase, outside: Outside): Promise<Divergence | Refusal> {
  const { newest } = outside;
  if (!newest) return { refused: 'outside_unreadable', detail: 'nothing was handed outside' };
  const measured = await measure(client, outside);
  if ('refused' in measured) return measured;
  const head = measured.position.range.size;
  const instant = async (size: bigint) => (await findInstantOf(client, size))?.toISOString() ?? null;
  const { origin, size, root, at } = newest;
  return {
    refused: head < size ? 'behind' : 'forked',
    outside: { origin, size: size.toString(), root: root.toString('hex'), at: at.toISOString() },
    kept: { size: measured.kept.size.toString(), at: await instant(measured.kept.size) },
    head: { size: head.toString(), at: await instant(head) },
  };
}
