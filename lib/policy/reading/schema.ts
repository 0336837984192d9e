import { z } from 'zod';
import { DocumentDigest, DraftStatus, Policy, PolicyKind, PolicyStatus, RateTable } from '../schema';

/** Most policies a list shows, and most versions of one. */
export const policiesListMax = 1_000;
export const versionsListMax = 200;

const Named = z.object({ id: z.string(), name: z.string() });

/** DraftState is a draft in a list: where it stands, and which persons it waits for. */
export const DraftState = z.object({
  version: z.int(),
  status: DraftStatus,
  editors: z.array(z.string()),
  missing: z.int(),
  maySign: z.array(z.string()),
  returned: z.boolean(),
});
export type DraftState = z.infer<typeof DraftState>;

/** Step is what the person who looks can do next about a policy. */
export const Step = z.enum(['edit', 'sign', 'start', 'look']);
export type Step = z.infer<typeof Step>;

export const PolicyItem = z.object({
  id: z.string(),
  name: z.string(),
  kind: PolicyKind,
  baseline: z.boolean(),
  /** The organisation, or the one process or agent it is for. */
  for: z.string(),
  actions: z.array(z.string()),
  inForce: z.object({ version: z.int(), since: z.iso.datetime().nullable() }).nullable(),
  draft: DraftState.nullable(),
  step: Step,
});
export type PolicyItem = z.infer<typeof PolicyItem>;
export const PolicyList = z.object({ items: z.array(PolicyItem) });
export type PolicyList = z.infer<typeof PolicyList>;

/** Signed is one person's signature; Countersign itself, at set-up, signs nothing. */
export const Signed = z.object({ name: z.string(), at: z.iso.datetime() });

/** PolicyVersion is one version that is or was in force, with who wrote, signed and published it and why. */
export const PolicyVersion = z.object({
  version: z.int(),
  status: PolicyStatus,
  since: z.iso.datetime().nullable(),
  note: z.string(),
  /** Null: Countersign itself, at set-up. */
  draftedBy: z.string().nullable(),
  signed: z.array(Signed),
  digest: DocumentDigest,
  document: Policy,
});
export type PolicyVersion = z.infer<typeof PolicyVersion>;

/** PolicyNaming is what pages call the things a document names by id. */
export const PolicyNaming = z.object({ titles: z.record(z.string(), z.string()), holders: z.record(z.string(), z.string()) });
export type PolicyNaming = z.infer<typeof PolicyNaming>;

export const PolicyPage = z.object({
  id: z.string(),
  /** The version in force; without one, the last that was; null for a policy that was never published. */
  latest: PolicyVersion.nullable(),
  versions: z.array(PolicyVersion.omit({ document: true, digest: true })),
  draft: DraftState.nullable(),
  mayEdit: z.boolean(),
  editors: z.array(z.string()),
  naming: PolicyNaming,
});
export type PolicyPage = z.infer<typeof PolicyPage>;

/** Why the person who looks may not edit or sign, for the page to say it. */
export const SignBlock = z.enum(['NOT_ALLOWED', 'EDITED_IT', 'NOT_IN_REVIEW', 'SIGNED_ALREADY']);
export type SignBlock = z.infer<typeof SignBlock>;

export const DraftPage = z.object({
  id: z.string(),
  version: z.int(),
  status: DraftStatus,
  revision: DocumentDigest,
  digest: DocumentDigest,
  document: Policy,
  note: z.string(),
  basedOn: z.int().nullable(),
  changedAt: z.iso.datetime(),
  editors: z.array(z.string()),
  signed: z.array(Signed),
  needed: z.int(),
  missing: z.int(),
  /** Who could sign now: those with the permission who neither edited nor signed it. */
  maySign: z.array(Named),
  returned: z.object({ by: z.string(), reason: z.string() }).nullable(),
  inForce: z.object({ version: z.int(), document: Policy }).nullable(),
  /** A version came into force, or went, since the draft was begun: it must be carried over. */
  overtaken: z.boolean(),
  /** Null when this person may sign. */
  signBlock: SignBlock.nullable(),
  mayEdit: z.boolean(),
  /** Whether kind may still be chosen: only before the first publication. */
  kindOpen: z.boolean(),
  naming: PolicyNaming,
});
export type DraftPage = z.infer<typeof DraftPage>;

/** FormOptions is what the form offers to choose from and compares with. */
export const FormOptions = z.object({
  processes: z.array(Named),
  agents: z.array(Named),
  actions: z.array(Named),
  guardrails: z.array(Policy),
  rates: RateTable,
});
export type FormOptions = z.infer<typeof FormOptions>;
