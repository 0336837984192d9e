import { DraftStatus, Policy } from '../schema';
import type { Reader, Tx } from './versions';

/** The one draft of a policy. `editors` are persons; a returned one carries who sent it back and why. */
export type DraftRow = {
  id: string;
  version: number;
  status: DraftStatus;
  document: Policy;
  note: string;
  basedOn: number | null;
  draftedBy: string | null;
  editors: string[];
  changedAt: Date;
  returnedBy: string | null;
  returnReason: string | null;
};

/** Who signed which document of a draft. */
export type SignatureRow = { personId: string; userId: string; document: string; signedAt: Date };

const drafting = { in: ['draft', 'in_review'] };

export async function findDraft(db: Reader, id: string): Promise<DraftRow | undefined> {
  const row = await db.policy.findFirst({ where: { id, status: drafting } });
  return row ? toDraft(row) : undefined;
}

export async function listDrafts(db: Reader, take: number): Promise<DraftRow[]> {
  return (await db.policy.findMany({ where: { status: drafting }, orderBy: { id: 'asc' }, take })).map(toDraft);
}

type NewDraft = { policy: Policy; note: string; basedOn: number | null; by: { id: string; personId: string } };

export async function insertDraft(tx: Tx, { policy, note, basedOn, by }: NewDraft): Promise<void> {
  await tx.$executeRaw`INSERT INTO policies (id, version, name, status, document, note, drafted_by, editors, based_on)
    VALUES (${policy.id}, ${policy.version}, ${policy.name}, 'draft', ${JSON.stringify(policy)}::jsonb, ${note}, ${by.id}, ARRAY[${by.personId}], ${basedOn})`;
}

type Saved = { policy: Policy; note: string; basedOn: number | null; editor: string };

/** updateDraft writes the whole of a draft (its version too, when it is carried over) and adds who edited it. */
export async function updateDraft(tx: Tx, version: number, { policy, note, basedOn, editor }: Saved): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE policies SET version = ${policy.version}, name = ${policy.name},
      document = ${JSON.stringify(policy)}::jsonb, note = ${note}, based_on = ${basedOn}, changed_at = now(),
      editors = CASE WHEN ${editor} = ANY (editors) THEN editors ELSE array_append(editors, ${editor}) END
    WHERE id = ${policy.id} AND version = ${version} AND status = 'draft'`;
  return count === 1;
}

/** moveDraft answers false when the draft is not in `from` any more. */
export async function moveDraft(tx: Tx, draft: { id: string; version: number }, from: DraftStatus, to: DraftStatus): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE policies SET status = ${to}, returned_by = NULL, return_reason = NULL
    WHERE id = ${draft.id} AND version = ${draft.version} AND status = ${from}`;
  return count === 1;
}

export async function noteReturn(tx: Tx, draft: { id: string; version: number }, by: string, reason: string): Promise<void> {
  await tx.$executeRaw`UPDATE policies SET returned_by = ${by}, return_reason = ${reason} WHERE id = ${draft.id} AND version = ${draft.version}`;
}

export async function deleteDraft(tx: Tx, draft: { id: string; version: number }): Promise<boolean> {
  const count =
    await tx.$executeRaw`DELETE FROM policies WHERE id = ${draft.id} AND version = ${draft.version} AND status IN ('draft', 'in_review')`;
  return count === 1;
}

/** activateDraft puts a reviewed draft in force; false when it is not in review any more. The version before must be retired first. */
export async function activateDraft(tx: Tx, draft: { id: string; version: number }, by: string): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE policies SET status = 'active', published_at = now(), published_by = ${by}
    WHERE id = ${draft.id} AND version = ${draft.version} AND status = 'in_review'`;
  return count === 1;
}

/** insertSignature replaces what the same person signed of an older document. */
export async function insertSignature(
  tx: Tx,
  draft: { id: string; version: number },
  signature: Omit<SignatureRow, 'signedAt'>,
): Promise<void> {
  await tx.policySignature.deleteMany({ where: { policyId: draft.id, version: draft.version, personId: signature.personId } });
  await tx.policySignature.create({ data: { policyId: draft.id, version: draft.version, ...signature } });
}

export async function deleteSignatures(tx: Tx, draft: { id: string; version: number }): Promise<void> {
  await tx.policySignature.deleteMany({ where: { policyId: draft.id, version: draft.version } });
}

export async function listSignatures(db: Reader, id: string, version: number): Promise<SignatureRow[]> {
  return db.policySignature.findMany({
    where: { policyId: id, version },
    orderBy: { signedAt: 'asc' },
    select: { personId: true, userId: true, document: true, signedAt: true },
  });
}

/** listSignaturesOf answers all signatures of several policies, by policy id and version. */
export async function listSignaturesOf(
  db: Reader,
  ids: readonly string[],
): Promise<(SignatureRow & { policyId: string; version: number })[]> {
  return db.policySignature.findMany({
    where: { policyId: { in: [...ids] } },
    orderBy: { signedAt: 'asc' },
    select: { policyId: true, version: true, personId: true, userId: true, document: true, signedAt: true },
  });
}

type Row = Omit<DraftRow, 'status' | 'document'> & { status: string; document: unknown };

const toDraft = (row: Row): DraftRow => ({
  id: row.id,
  version: row.version,
  status: DraftStatus.parse(row.status),
  document: Policy.parse(row.document),
  note: row.note,
  basedOn: row.basedOn,
  draftedBy: row.draftedBy,
  editors: row.editors,
  changedAt: row.changedAt,
  returnedBy: row.returnedBy ?? null,
  returnReason: row.returnReason ?? null,
});
