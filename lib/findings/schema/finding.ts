import { z } from 'zod';
import { Permission } from '@/lib/people/schema';

/** Worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

export const findingStatuses = ['open', 'snoozed', 'closed'] as const;
export const FindingStatus = z.enum(findingStatuses);
export type FindingStatus = z.infer<typeof FindingStatus>;

/** What a finding is about. */
export const subjectTypes = ['agent', 'credential', 'process', 'team', 'policy', 'client', 'system'] as const;
export const FindingSubject = z.object({ type: z.enum(subjectTypes), id: z.string() });
export type FindingSubject = z.infer<typeof FindingSubject>;

/** Facts are the ids, codes and numbers that a finding's sentence is made of. */
export const Facts = z.record(z.string(), z.json());
export type Facts = z.infer<typeof Facts>;

/** Found is one cause, as a detector sees it. `key` says what is the same cause, so that it is one finding however often it returns. */
export type Found = {
  key: string;
  subject: FindingSubject;
  /** The process it belongs to; null: the organisation's. */
  processId: string | null;
  severity: Severity;
  facts: Facts;
  /** Until when it may stand before something happens by itself. */
  graceUntil?: Date | null;
};

/** Finding is one cause that a person must close, however often it came back. */
export const Finding = z.object({
  id: z.string(),
  detector: z.string(),
  key: z.string(),
  subject: FindingSubject,
  processId: z.string().nullable(),
  severity: Severity,
  facts: Facts,
  status: FindingStatus,
  openedAt: z.date(),
  seenAt: z.date(),
  timesOpened: z.int(),
  assignedTo: z.string().nullable(),
  assignedBy: z.string().nullable(),
  snoozedUntil: z.date().nullable(),
  snoozedBy: z.string().nullable(),
  snoozeReason: z.string().nullable(),
  closedAt: z.date().nullable(),
  graceUntil: z.date().nullable(),
});
export type Finding = z.infer<typeof Finding>;

/**
 * Fix is what a person can do from where a finding stands: an action that a service offers, or the page on which it is done. The permission is the
 * one the service asks for.
 */
export const Fix = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link'), label: z.string(), permission: Permission, href: z.string() }),
  z.object({ kind: z.literal('suspend'), label: z.string(), permission: Permission, agent: z.string() }),
  z.object({ kind: z.literal('decommission'), label: z.string(), permission: Permission, agent: z.string() }),
  z.object({ kind: z.literal('revoke_credential'), label: z.string(), permission: Permission, credential: z.string() }),
  z.object({
    kind: z.literal('revoke_permissions'),
    label: z.string(),
    permission: Permission,
    agent: z.string(),
    actions: z.array(z.string()),
  }),
  z.object({ kind: z.literal('settle'), label: z.string(), permission: Permission }),
]);
export type Fix = z.infer<typeof Fix>;

/** Longest reason for putting a finding off, or for saying that it is dealt with. */
export const findingReasonLengthMax = 2_000;
/** How long a finding can be put off. */
export const snoozeDaysMax = 90;
/** Findings that one request assigns or puts off. */
export const findingsAtOnceMax = 100;
/** Rows on one page of the list. */
export const findingsPageMax = 50;

export const FindingId = z.string().regex(/^fnd_[0-9a-z]{26}$/, 'is no finding id');
const Several = z.object({ ids: z.array(FindingId).min(1, 'Choose at least one.').max(findingsAtOnceMax) });
const PersonId = z.string().min(1, 'Choose a person.').max(80);
const SomeReason = z
  .string()
  .trim()
  .min(1, 'Say why.')
  .max(findingReasonLengthMax)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u, 'This has characters that cannot be shown.');

/** AssignFindings gives findings to a person, or, with null, takes them back. */
export const AssignFindings = Several.extend({ to: PersonId.nullable() }).strict();
export type AssignFindings = z.infer<typeof AssignFindings>;

/** SnoozeFindings puts findings off until the start of a day (UTC), with a reason. */
export const SnoozeFindings = Several.extend({ until: z.iso.date('Choose a day.'), reason: SomeReason }).strict();
export type SnoozeFindings = z.infer<typeof SnoozeFindings>;

/** WakeFindings opens findings that were put off. */
export const WakeFindings = Several.strict();

/** SettleFinding says that what a gateway or a tool noticed is dealt with, and how. */
export const SettleFinding = z.strictObject({ reason: SomeReason });
export type SettleFinding = z.infer<typeof SettleFinding>;

/** Why something was not done about findings. */
export const findingRefusals = [
  'NOT_ALLOWED',
  'NOT_FOUND',
  'CLOSED',
  'NOT_SNOOZED',
  'PERSON_INACTIVE',
  'DAY_PAST',
  'DAY_TOO_FAR',
  'NOT_SETTLED_HERE',
] as const;
export type FindingRefusalCode = (typeof findingRefusals)[number];
