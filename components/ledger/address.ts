import type { EntryFilter } from '@/lib/ledger/reading/schema';

/** ledgerQuery writes a filter as a query string, leaving out what is the default; empty when all is. */
export function ledgerQuery(filter: Partial<EntryFilter>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && !(name === 'show' && value === 'decisions')) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
