import { z } from 'zod';
import { Reason } from './reason';

/** How long the agent has for the one action, from the second signature. */
export const authorisedMinutes = { default: 60, max: 1_440 } as const;

/** The two roles that let a halted action happen together: two persons, one under each. */
export const seniorRoles = ['leader', 'security'] as const;
export const SeniorRole = z.enum(seniorRoles);
export type SeniorRole = z.infer<typeof SeniorRole>;

const DecisionId = z.string().regex(/^dec_[0-9a-z]{26}$/);
const Digest = z.string().regex(/^sha-256:[0-9a-f]{64}$/);

/** NewAuthorisation asks a second person to let the halted action of a decision happen once; `digest` is that of what was shown. */
export const NewAuthorisation = z.strictObject({
  decision: DecisionId,
  digest: Digest,
  as: SeniorRole,
  minutes: z.number().int().min(1).max(authorisedMinutes.max).default(authorisedMinutes.default),
  reason: Reason,
});
export type NewAuthorisation = z.infer<typeof NewAuthorisation>;

/** SignAuthorisation is the second person's word, for the digest of what they were shown. */
export const SignAuthorisation = z.strictObject({ digest: Digest, reason: Reason });
export type SignAuthorisation = z.infer<typeof SignAuthorisation>;

export const WithdrawAuthorisation = z.strictObject({});

/** Authorisation is one question whether a halted action may happen once, and what became of it. */
export const Authorisation = z.object({
  id: z.string(),
  workflowId: z.string(),
  decisionId: z.string(),
  agentId: z.string(),
  validMinutes: z.number(),
  reason: z.string(),
  status: z.enum(['open', 'signed', 'withdrawn']),
  askedBy: z.string(),
  askedAs: SeniorRole,
  askedAt: z.date(),
  signedBy: z.string().nullable(),
  signedAs: SeniorRole.nullable(),
  signedAt: z.date().nullable(),
  signedReason: z.string().nullable(),
  approvalId: z.string().nullable(),
});
export type Authorisation = z.infer<typeof Authorisation>;

/** Why this person can have no part in it, first or second; in the order in which they would ask. */
const partRefusals = [
  'NOT_ALLOWED',
  'OWN_REQUEST',
  'AUTHOR',
  'NOT_AUTHORISABLE',
  'ARGUMENTS_GONE',
  'AGENT_GONE',
  'ASKED_FOR_GONE',
  'ALREADY_AUTHORISED',
  'DIGEST_CHANGED',
] as const;
export const AskAuthorisationRefusal = z.enum([...partRefusals, 'ALREADY_ASKED']);
export type AskAuthorisationRefusal = z.infer<typeof AskAuthorisationRefusal>;
export const SignAuthorisationRefusal = z.enum([...partRefusals, 'NOT_OPEN', 'SAME_PERSON', 'OTHER_ROLE', 'ASKER_GONE']);
export type SignAuthorisationRefusal = z.infer<typeof SignAuthorisationRefusal>;

const NamedThing = z.object({ id: z.string(), name: z.string() });
const Instant = z.string();
const Said = z.object({ by: NamedThing, as: SeniorRole, at: Instant, reason: z.string().nullable() });

/** What people have said of letting one halted action happen, as one of them sees it. Reasons are for those who read arguments. */
export const AuthorisationView = z.object({
  /** It waits for its second person, under the role `signs`. */
  open: z
    .object({
      id: z.string(),
      asked: Said,
      minutes: z.number(),
      signs: SeniorRole,
      signers: z.array(NamedThing),
      whyNotSign: SignAuthorisationRefusal.nullable(),
    })
    .nullable(),
  /** The newest that two people signed. `expired` whether or not anything swept it. */
  signed: z
    .object({
      id: z.string(),
      asked: Said,
      signed: Said,
      approval: z.string(),
      state: z.enum(['ready', 'used', 'expired', 'cancelled']),
      expiresAt: Instant,
      usedBy: z.string().nullable(),
    })
    .nullable(),
  /** Under which of their roles the reader could ask; why they cannot. */
  askAs: z.array(SeniorRole),
  whyNotAsk: AskAuthorisationRefusal.nullable(),
});
export type AuthorisationView = z.infer<typeof AuthorisationView>;

/** What a question, a signature or a withdrawal is answered with. */
export const AuthorisationAnswer = z.object({ id: z.string(), status: Authorisation.shape.status, approval: z.string().nullable() });
export type AuthorisationAnswer = z.infer<typeof AuthorisationAnswer>;
