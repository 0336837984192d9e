import { canReview, type Decidable } from '../domain';
import * as store from '../store';

/** decidableOf is an item as deciding needs it: who is named and who wrote what is reviewed, as persons. */
export async function decidableOf(db: store.Reader, item: store.ItemRow): Promise<Decidable> {
  const [facts, people] = [await store.listFacts(db, item.subject, [item.subjectId]), await store.listPeople(db)];
  return standingOf(item, facts.get(item.subjectId)?.authors ?? [], people);
}

/** standingOf is decidableOf with what is known already. */
export function standingOf(item: store.ItemRow, authors: readonly string[], people: ReadonlyMap<string, { personId: string }>): Decidable {
  const named = [item.reviewerId, item.escalatedTo].flatMap((id) => (id === null ? [] : (people.get(id)?.personId ?? [])));
  return { subject: item.subject, status: item.status, named, authors };
}

/** candidatesFor answers who can be named the reviewer of an item, by name. */
export function candidatesFor(authors: readonly string[], people: ReadonlyMap<string, store.PersonFacts>): { id: string; name: string }[] {
  return [...people.values()]
    .filter((person) => canReview(person, authors))
    .map(({ id, name }) => ({ id, name }))
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en'));
}
