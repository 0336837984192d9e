import type { InventoryQuery, InventorySort } from '@/lib/registry/reading/schema';

type Change = { [Name in keyof InventoryQuery]?: InventoryQuery[Name] | undefined };

/** inventoryHref is the address of the inventory as it is shown, with some of it changed. A change of what is shown begins at the first page. */
export function inventoryHref(query: InventoryQuery, change: Change): string {
  const next: Change = { ...query, after: undefined, ...change };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(next)) {
    const isDefault = (name === 'sort' && value === 'name') || (name === 'limit' && value === 50);
    if (value !== undefined && value !== '' && !isDefault) search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '/registry/agents' : `/registry/agents?${text}`;
}

/** turned is the order that a click on a column's title asks for: the other way round when it is the column's already. */
export function turned(current: InventorySort, column: 'name' | 'status' | 'last_seen' | 'next_review'): InventorySort {
  const first: InventorySort = column === 'last_seen' ? '-last_seen' : column;
  const other: InventorySort = column === 'last_seen' ? 'last_seen' : `-${column}`;
  return current === first ? other : first;
}

export const agentHref = (id: string, tab = ''): string => `/registry/agents/${encodeURIComponent(id)}${tab === '' ? '' : `/${tab}`}`;
