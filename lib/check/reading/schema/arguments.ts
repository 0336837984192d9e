import { z } from 'zod';

/** The arguments as this person may see them. `agrees`: the decrypted text has the digest, and the ledger row commits to it. */
export const ShownArguments = z.discriminatedUnion('state', [
  z.object({ state: z.literal('full'), canonical: z.string(), agrees: z.boolean() }),
  z.object({ state: z.literal('redacted'), canonical: z.string() }),
  z.object({ state: z.literal('erased') }),
  z.object({ state: z.literal('unreadable') }),
]);
export type ShownArguments = z.infer<typeof ShownArguments>;
