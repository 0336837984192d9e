import type { ClientBase } from 'pg';
import { rangeRoot } from '../domain/merkle';
import type { Divergence } from '../schema';
import { findHandedLast } from '../store/checkpoints';
import { findInstantOf, findResumptionOf, type SignedResumption } from '../store/resumptions';
import { isResumable, readOutside, verifierOf, type Outside, type Refusal } from './outside';
import { beginning, follow, measure, takeStock, type Measured } from './stock';

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
  if (outside && 'refused' in outside) return { agrees: false, outside: undefined, refusal: outside, resumed: undefined };
  const stock = await takeStock(client, outside ?? nothing);
  if (stock.agrees) return { agrees: true, outside };
  const { refused, detail } = stock;
  const refusal = { refused, detail };
  return { agrees: false, outside, refusal, resumed: await resumptionFrom(client, outside, refusal) };
}

const nothing: Pick<Outside, 'newest' | 'lineage'> = { newest: undefined, lineage: [] };

/** resumptionFrom finds the word of two people that a ledger goes on in spite of a refusal: about exactly the checkpoint that was handed outside last. */
export async function resumptionFrom(
  client: ClientBase,
  outside: Outside | undefined,
  refusal: Refusal,
): Promise<SignedResumption | undefined> {
  const last = isResumable(refusal) ? (outside?.newest ?? (await findHandedLast(client))) : undefined;
  return last && findResumptionOf(client, last.size, last.root);
}

/** compareWithOutside reads a place and compares a database with it. */
export const compareWithOutside = async (client: ClientBase, place: OutsidePlace): Promise<Comparison> =>
  compareWith(client, await readPlace(place));

/** divergenceOf finds what is kept and what is not, reading every row; a refusal when the rows do not even form a chain. */
export async function divergenceOf(client: ClientBase, outside: Outside | undefined): Promise<Divergence | Refusal> {
  const last = outside?.newest ?? (await findHandedLast(client));
  if (!last) return { refused: 'outside_unreadable', detail: 'nothing was handed outside' };
  const measured = outside?.newest ? await measure(client, outside) : await measureRemembered(client, last);
  if ('refused' in measured) return measured;
  const head = measured.position.range.size;
  const instant = async (size: bigint) => (await findInstantOf(client, size))?.toISOString() ?? null;
  const { origin, size, root, at } = last;
  return {
    refused: !outside?.newest ? 'gone' : head < size ? 'behind' : 'forked',
    outside: { origin, size: size.toString(), root: root.toString('hex'), at: at.toISOString() },
    kept: { size: measured.kept.size.toString(), at: await instant(measured.kept.size) },
    head: { size: head.toString(), at: await instant(head) },
  };
}

/** What the database itself remembers having handed outside is all there is to measure it by; its rows must at least agree with that. */
async function measureRemembered(client: ClientBase, { size, root }: { size: bigint; root: Buffer }): Promise<Measured | Refusal> {
  const kept = await follow(client, beginning, size);
  if ('refused' in kept) return kept;
  if (kept.range.size < size || !rangeRoot(kept.range).equals(root))
    return { refused: 'chain_broken', detail: `the rows up to ${size} are not those of the checkpoint that the database remembers` };
  const position = await follow(client, kept);
  return 'refused' in position ? position : { kept: { size, root }, position };
}
