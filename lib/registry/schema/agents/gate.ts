import { z } from 'zod';
import { Permission } from '@/lib/people/schema';

/** Everything that can be missing before an agent may act. */
export const gapCodes = [
  'PURPOSE_MISSING',
  'OWNER_INACTIVE',
  'ACCOUNTABLE_MISSING',
  'ACCOUNTABLE_INACTIVE',
  'SPONSOR_MISSING',
  'SPONSOR_INACTIVE',
  'PERMISSIONS_MISSING',
  'ACTION_UNCLASSIFIED',
  'POLICY_MISSING',
  'CREDENTIAL_MISSING',
  'REVIEWER_MISSING',
] as const;
export const GapCode = z.enum(gapCodes);
export type GapCode = z.infer<typeof GapCode>;

/** ActivationGap is one thing that is missing: what, in a sentence; who may fix it; and where. */
export const ActivationGap = z.object({
  code: GapCode,
  text: z.string(),
  fixedBy: Permission,
  href: z.string(),
  /** The action types it is about, when it is about some. */
  actions: z.array(z.string()),
});
export type ActivationGap = z.infer<typeof ActivationGap>;

/** Warning is what does not keep an agent from acting, and should be known before it does. */
export const ActivationWarning = z.object({
  code: z.literal('BASELINE_ONLY'),
  text: z.string(),
  href: z.string(),
  actions: z.array(z.string()),
});
export type ActivationWarning = z.infer<typeof ActivationWarning>;

/** Why a record, or a change of one, is not accepted. */
export const recordRefusals = [
  'ID_TAKEN',
  'PROCESS_UNKNOWN',
  'PROCESS_STOPPED',
  'ACTION_UNKNOWN',
  'OWNER_NOT_ALLOWED',
  'OWNER_IS_BUILDER',
  'SPONSOR_UNKNOWN',
  'TECHNICAL_OWNER_UNKNOWN',
  'SUCCESSOR_UNKNOWN',
] as const;
export type RecordRefusal = (typeof recordRefusals)[number];

/** Why an agent is not moved or edited by this person now. NEEDS_REQUEST: it may act, so the change is asked for and another person approves it. */
export type MoveRefusal = 'WRONG_STATE' | 'NOT_ALLOWED' | 'OWN_AGENT' | 'NEEDS_REQUEST';

/** Every expected "no" about an agent. */
export type AgentRefusal = RecordRefusal | MoveRefusal | 'NOT_FOUND' | 'GAPS' | 'STALE';
