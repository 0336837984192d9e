/** An item where it was first shown; `gone` once the list no longer has it. */
export type Kept<Item> = { item: Item; gone: boolean };

/**
 * keepOrder puts a fresh list into the places of the one on the screen: what is there stays where it is (and is marked when it has gone), what is new
 * comes below. So nothing moves under a finger.
 */
export function keepOrder<Item extends { id: string }>(shown: readonly Kept<Item>[], fresh: readonly Item[]): Kept<Item>[] {
  const byId = new Map(fresh.map((item) => [item.id, item]));
  const kept = shown.map(({ item }) => {
    const now = byId.get(item.id);
    return now ? { item: now, gone: false } : { item, gone: true };
  });
  const known = new Set(shown.map(({ item }) => item.id));
  return [...kept, ...fresh.filter(({ id }) => !known.has(id)).map((item) => ({ item, gone: false }))];
}

/** isSorted tells whether what is shown stands in the order of the fresh list, leaving aside what has gone. */
export function isSorted<Item extends { id: string }>(shown: readonly Kept<Item>[], fresh: readonly Item[]): boolean {
  const there = shown.filter(({ gone }) => !gone);
  return there.length === fresh.length && there.every(({ item }, i) => item.id === fresh[i]?.id);
}
