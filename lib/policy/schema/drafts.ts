import { z } from 'zod';
import { Policy, PolicyId, PolicyKind, PolicyName } from './documents';

/** Longest text a person may write beside a draft: why it is changed, or why it goes back. */
export const NOTE_LENGTH_MAX = 2_000;

export const PolicyStatus = z.enum(['draft', 'in_review', 'active', 'retired']);
export type PolicyStatus = z.infer<typeof PolicyStatus>;
/** DraftStatus: `draft` is being written, `in_review` waits for signatures. */
export const DraftStatus = PolicyStatus.extract(['draft', 'in_review']);
export type DraftStatus = z.infer<typeof DraftStatus>;

/** DocumentDigest is the SHA-256 of a document's canonical form (RFC 8785): what a person signs. */
export const DocumentDigest = z.string().regex(/^sha-256:[0-9a-f]{64}$/);

const Note = z.string().trim().max(NOTE_LENGTH_MAX);
/** Revision names exactly what a draft held when it was read, note included; an older one is refused, so that nobody overwrites what they did not see. */
const Revision = DocumentDigest;

export const NewPolicy = z.strictObject({ id: PolicyId.optional(), name: PolicyName, kind: PolicyKind });
export type NewPolicy = z.input<typeof NewPolicy>;

/** StartDraft begins from the version in force, unless an earlier one is named (rollback). */
export const StartDraft = z.strictObject({ from: z.int().min(1).optional() });
export type StartDraft = z.infer<typeof StartDraft>;

/** SaveDraft is the whole draft. `basedOn` is the version in force it was compared with on the screen; null when there is none. */
export const SaveDraft = z.strictObject({ revision: Revision, document: Policy, note: Note, basedOn: z.int().min(1).nullable() });
export type SaveDraft = z.input<typeof SaveDraft>;

export const SeenDraft = z.strictObject({ revision: Revision });
export type SeenDraft = z.infer<typeof SeenDraft>;
export const ReturnDraft = z.strictObject({ reason: Note.min(1) });
export type ReturnDraft = z.input<typeof ReturnDraft>;
export const SignDraft = z.strictObject({ digest: DocumentDigest });
export type SignDraft = z.infer<typeof SignDraft>;

/** What is wrong with one member of a document, by JSON Pointer into the document. */
export type DocumentProblem = { pointer: string; detail: string };

type No<Code extends string, More = unknown> = { ok: false; code: Code } & More;

/** Why a draft is not begun. */
export type StartRefusal = No<'NOT_ALLOWED' | 'NOT_FOUND' | 'ID_TAKEN' | 'DRAFT_EXISTS'>;

/** Why a document cannot be put in force as things are. */
export type PublishRefusal = No<'VERSION_CAME', { inForce: number | null }> | No<'INVALID', { problems: DocumentProblem[] }>;

/** Why nothing happened to a draft. NO_DRAFT: there is none any more; `inForce` is the version that is. */
export type DraftRefusal =
  | No<'NOT_ALLOWED' | 'STALE' | 'IN_REVIEW' | 'NOT_IN_REVIEW' | 'NOTE_MISSING' | 'NOTHING_CHANGED'>
  | No<'EDITED_IT' | 'SIGNED_ALREADY' | 'DIGEST_CHANGED'>
  | No<'NO_DRAFT', { inForce: number | null }>
  | PublishRefusal;
export type DraftRefusalCode = DraftRefusal['code'] | StartRefusal['code'];
