import { z } from 'zod';
import { Divergence } from '@/lib/ledger/schema';

/** A gateway counts as alive while it was heard of this lately; it says so every second. */
export const aliveMs = 5_000;

/** Gateway is one gateway process: `epoch` is the newest it decides by, `locked` why it decides nothing. */
export const Gateway = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: z.date(),
  seenAt: z.date(),
  stoppedAt: z.date().nullable(),
  epoch: z.bigint(),
  locked: z.string().nullable(),
});
export type Gateway = z.infer<typeof Gateway>;

/** When one gateway first decided by a change: null while it has not said so. */
export const Acknowledgement = z.object({ gateway: z.string(), name: z.string(), at: z.date().nullable(), seenAt: z.date() });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** LockedGateway is a gateway that lives and decides nothing, with why; `divergence` once it knows how its database differs from what was handed outside. */
export const LockedGateway = z.object({
  id: z.string(),
  name: z.string(),
  seenAt: z.date(),
  why: z.string(),
  divergence: Divergence.nullable().catch(null),
});
export type LockedGateway = z.infer<typeof LockedGateway>;
