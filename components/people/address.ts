import type { PeopleFilter } from '@/lib/people/schema';

/** peopleQuery writes a filter as a query string, leaving out what is not asked; empty when nothing is. */
export function peopleQuery(filter: PeopleFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
