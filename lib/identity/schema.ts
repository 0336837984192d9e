import { z } from 'zod';
import { ActionName } from '@/lib/registry/schema';

/** What every access token of this version is for. */
export const tokenAudience = 'countersign';
/** How long an access token lives. */
export const tokenSeconds = 300;
/** Longest life a token may claim, whoever signed it. */
export const tokenSecondsMax = 900;
/** How long verifiers may keep the key set (`Cache-Control: max-age` of the JWKS), so how long before it signs a key is published. */
export const jwksCacheSeconds = 300;
/** How long a new secret works unless said otherwise, and at most. */
export const credentialDaysDefault = 90;
export const credentialDaysMax = 365;
/** How long a replaced secret still works after a rotation, unless said otherwise, and at most. */
export const rotationOverlapSeconds = 24 * 3600;
export const rotationOverlapSecondsMax = 30 * 24 * 3600;
export const credentialLabelLengthMax = 80;
export const revocationReasonLengthMax = 2_000;
/** Longest token request body, and most action types in one. */
export const tokenRequestBytesMax = 16 * 1024;
export const scopeSizeMax = 200;
/** Longest `scope` of one token, so that the token still fits into a request header. */
export const scopeLengthMax = 4096;
/** Longest access token looked at. */
export const tokenLengthMax = 16 * 1024;

/** TaskName is what one token is for, in the agent's words: printable, so that it can be shown. */
export const TaskName = z
  .string()
  .max(128)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
  .refine((name) => name.trim() === name, 'begins or ends with white space');

/** TaskDetail is the one type of authorization detail (RFC 9396 section 2): one task, optionally narrowed to some action types. */
export const TaskDetail = z.strictObject({
  type: z.literal('countersign_task'),
  task: TaskName,
  actions: z.array(ActionName).min(1).max(scopeSizeMax).optional(),
});
export type TaskDetail = z.infer<typeof TaskDetail>;

/** AccessTokenClaims is the payload of an access token (RFC 9068); `wfl` is the server-issued workflow it works in. */
export const AccessTokenClaims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  client_id: z.string(),
  jti: z.string(),
  iat: z.int().min(0),
  exp: z.int().min(0),
  nbf: z.int().min(0).optional(),
  scope: z.string().min(1),
  wfl: z.string(),
  task: z.string().optional(),
  authorization_details: z.array(TaskDetail).max(1).optional(),
});
export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** What every receipt is for: the tools that carry actions out, never this server. */
export const receiptAudience = 'countersign-tools';
/** How long a receipt lives: what a tool may still accept after a kill. */
export const receiptSeconds = 30;
/** Longest receipt looked at. */
export const receiptLengthMax = 8 * 1024;

/** ReceiptClaims is the payload of a receipt: this very action of this agent was allowed. `jti` is the decision, to be taken once. */
export const ReceiptClaims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  jti: z.string().regex(/^dec_[0-9a-z]{26}$/),
  iat: z.int().min(0),
  exp: z.int().min(0),
  action: z.string().min(1),
  digest: z.string().regex(/^sha-256:[0-9a-f]{64}$/),
  verdict: z.enum(['allow', 'allow_reversible']),
  tier: z.int().min(1).max(4),
  workflow: z.string(),
  task: z.string().optional(),
  approval: z.string().optional(),
  on_behalf_of: z.string().optional(),
  schema_version: z.int().nullable(),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;

/** PublicJwk is one public Ed25519 key (RFC 8037 section 2) as the key set shows it. */
export const PublicJwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  kid: z.string().min(1).max(128),
  use: z.literal('sig'),
  alg: z.literal('EdDSA'),
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/** TokenResponse answers a token request (RFC 6749 section 5.1, RFC 9396 section 7). */
export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  scope: z.string(),
  authorization_details: z.array(TaskDetail).optional(),
});
export type TokenResponse = z.infer<typeof TokenResponse>;

export const CredentialId = z.string().regex(/^crd_[0-9a-z]{1,60}$/);

const CredentialDays = z.int().min(1).max(credentialDaysMax);

/** CredentialLabel is what people call one secret of an agent: the place it is kept, mostly. */
export const CredentialLabel = z
  .string()
  .trim()
  .max(credentialLabelLengthMax)
  .regex(/^[^\p{C}]*$/u, 'This has characters that cannot be shown.');

/** NewCredential is what making a secret takes. */
export const NewCredential = z.object({ label: CredentialLabel.default(''), days: CredentialDays.default(credentialDaysDefault) });
export type NewCredential = z.input<typeof NewCredential>;

/** Rotation is what replacing a secret takes; without a label the new one has that of the old one. */
export const Rotation = z.object({
  label: CredentialLabel.optional(),
  days: CredentialDays.default(credentialDaysDefault),
  overlapSeconds: z.int().min(0).max(rotationOverlapSecondsMax).default(rotationOverlapSeconds),
});
export type Rotation = z.input<typeof Rotation>;

/** RevocationReason is why a secret was ended; it is kept encrypted beside the ledger. */
export const RevocationReason = z
  .string()
  .trim()
  .max(revocationReasonLengthMax)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u);

/** Why a change of a credential is not made. */
export type CredentialRefusal = 'NOT_ALLOWED' | 'AGENT_UNKNOWN' | 'AGENT_ENDED' | 'NOT_FOUND' | 'NOT_USABLE' | 'ALREADY_REVOKED';

/** Credential is one secret of an agent as people see it: never the secret, never its hash. */
export const Credential = z.object({
  id: z.string(),
  agentId: z.string(),
  label: z.string(),
  hint: z.string(),
  /** The account that made it; null: Countersign itself. */
  createdBy: z.string().nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
});
export type Credential = z.infer<typeof Credential>;

/** CredentialAnswer is a credential as the API says it: instants as RFC 3339. */
export const CredentialAnswer = Credential.extend({
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
});
export type CredentialAnswer = z.infer<typeof CredentialAnswer>;

/** IssuedAnswer is the one answer that ever has a secret in it. */
export const IssuedAnswer = z.object({ credential: CredentialAnswer, secret: z.string() });
export type IssuedAnswer = z.infer<typeof IssuedAnswer>;

/** One row of signing_keys. */
export type SigningKeyRow = {
  kid: string;
  publicJwk: unknown;
  privateSealed: Uint8Array;
  signsFrom: Date;
  signsUntil: Date | null;
  verifiesUntil: Date | null;
};
