import { z } from 'zod';

export const toolKeyLabelLengthMax = 80;
/** Most keys of one system that work at the same time. */
export const toolKeysPerSystemMax = 20;

export const ToolKeyId = z.string().regex(/^tky_[0-9a-z]{1,60}$/);

/** ToolKeyLabel is what people call one key: the place it is kept, mostly. */
export const ToolKeyLabel = z
  .string()
  .trim()
  .max(toolKeyLabelLengthMax)
  .regex(/^[^\p{C}]*$/u, 'This has characters that cannot be shown.');

/** NewToolKey is what making a key takes. */
export const NewToolKey = z.strictObject({ label: ToolKeyLabel.default('') });
export type NewToolKey = z.input<typeof NewToolKey>;

/** ToolKey is a key as people see it: never the secret, never its hash. */
export const ToolKey = z.object({
  id: z.string(),
  systemId: z.string(),
  label: z.string(),
  /** The account that made it. */
  createdBy: z.string(),
  createdAt: z.date(),
  revokedAt: z.date().nullable(),
});
export type ToolKey = z.infer<typeof ToolKey>;

/** What a gateway holds of a key that works. `secretHash` = SHA-256 (32 bytes) of the whole secret text. */
export type ToolKeyFacts = { id: string; systemId: string; secretHash: Uint8Array };

/** ToolKeyAnswer is a key as the API says it: instants as RFC 3339. */
export const ToolKeyAnswer = ToolKey.extend({ createdAt: z.iso.datetime(), revokedAt: z.iso.datetime().nullable() });
export type ToolKeyAnswer = z.infer<typeof ToolKeyAnswer>;

/** IssuedToolKeyAnswer is the one answer that ever has the secret in it. */
export const IssuedToolKeyAnswer = z.object({ key: ToolKeyAnswer, secret: z.string() });
export type IssuedToolKeyAnswer = z.infer<typeof IssuedToolKeyAnswer>;

/** Why a change of a tool key is not made. */
export type ToolKeyRefusal = 'NOT_ALLOWED' | 'NOT_FOUND' | 'TOO_MANY' | 'ALREADY_REVOKED';
