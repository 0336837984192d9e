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
/** How long the replaced secret still works after a rotation. */
export const rotationOverlapSeconds = 24 * 3600;
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

/** Credential is one secret of an agent as people see it: never the secret, never its hash. */
export const Credential = z.object({
  id: z.string(),
  agentId: z.string(),
  hint: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
});
export type Credential = z.infer<typeof Credential>;

/** One row of signing_keys. */
export type SigningKeyRow = {
  kid: string;
  publicJwk: unknown;
  privateSealed: Uint8Array;
  signsFrom: Date;
  signsUntil: Date | null;
  verifiesUntil: Date | null;
};
