import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { countingSigners, signaturesMissing, whyNotSign } from '../domain/drafting';
import { documentDigest } from '../service/digests';
import type { DraftRow, SignatureRow } from '../store';
import type { DraftState, SignBlock } from './schema';

/** Everybody the pages name, with what follows from who they are. */
export type Everybody = { byId: ReadonlyMap<string, User>; all: readonly User[] };

export async function readEverybody(): Promise<Everybody> {
  const all = await listUsers();
  return { all, byId: new Map(all.map((user) => [user.id, user])) };
}

export const nameOf = ({ byId }: Everybody, id: string | null): string | null => (id === null ? null : (byId.get(id)?.name ?? id));

/** personNames answers the names of persons, each once, whatever account they used. */
export function personNames({ all }: Everybody, persons: readonly string[]): string[] {
  return persons.map((person) => all.find(({ personId }) => personId === person)?.name ?? person);
}

/** editorsOf names who may edit policies: the answer to "who can?". */
export const editorsOf = ({ all }: Everybody): string[] => [
  ...new Set(all.filter((user) => user.status === 'active' && may(user, 'policy:edit')).map(({ name }) => name)),
];

export type Standing = { signers: string[]; counting: SignatureRow[]; missing: number; maySign: User[] };

/** standingOf says how far a draft's signatures are, counted as signing counts them. */
export function standingOf(everybody: Everybody, draft: DraftRow, signatures: readonly SignatureRow[]): Standing {
  const mayPublish = (user: User | undefined) => user?.status === 'active' && may(user, 'policy:publish');
  const facts = signatures.map((signature) => ({ ...signature, mayPublish: mayPublish(everybody.byId.get(signature.userId)) }));
  const signers = countingSigners(facts, documentDigest(draft.document), draft.editors);
  const seen = new Set([...draft.editors, ...signers]);
  const maySign: User[] = [];
  for (const user of everybody.all) {
    if (!mayPublish(user) || seen.has(user.personId)) continue;
    seen.add(user.personId);
    maySign.push(user);
  }
  const counting = signatures.filter(({ personId }) => signers.includes(personId));
  return { signers, counting, missing: signaturesMissing(draft.document.kind, signers), maySign };
}

/** signBlockOf says why this person may not sign, or null. */
export function signBlockOf(viewer: User, draft: DraftRow, { signers }: Standing): SignBlock | null {
  if (!may(viewer, 'policy:publish')) return 'NOT_ALLOWED';
  return whyNotSign(viewer, { ...draft, signers }) ?? null;
}

export function draftStateOf(everybody: Everybody, draft: DraftRow, signatures: readonly SignatureRow[]): DraftState {
  const standing = standingOf(everybody, draft, signatures);
  return {
    version: draft.version,
    status: draft.status,
    editors: personNames(everybody, draft.editors),
    missing: standing.missing,
    maySign: standing.maySign.map(({ name }) => name),
    returned: draft.returnReason !== null,
  };
}
