import type { CatalogueFilter, CatalogueQuery } from '@/lib/registry/schema/catalogue';

/** catalogueHref is the address of a view of the catalogue. */
export function catalogueHref(query: CatalogueQuery): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, value);
  const text = search.toString();
  return text === '' ? '/registry/actions' : `/registry/actions?${text}`;
}

/** isNarrowed tells whether a filter leaves anything out. */
export const isNarrowed = (filter: CatalogueFilter): boolean => Object.values(filter).some((value) => value !== undefined && value !== '');
