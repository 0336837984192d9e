import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import type { Policy } from '../schema';

/** documentDigest is the SHA-256 of a document's canonical form: what is signed, and what the ledger names. */
export const documentDigest = (policy: Policy): string => formatDigest(sha256(canonicalJson(policy)));

/** revisionOf names all that a draft holds, its note and the version it is compared with included. */
export const revisionOf = (draft: { document: Policy; note: string; basedOn: number | null }): string =>
  formatDigest(sha256(canonicalJson({ document: draft.document, note: draft.note, basedOn: draft.basedOn })));
