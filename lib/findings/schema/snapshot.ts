import type { ProcessCell } from './cells';
import type { FindingSettings } from './settings';
import type { ObservationKind } from '../observations/schema';
import type { AgentStatus, ClassificationStatus } from '@/lib/registry/schema';
import type { Standing, StandingTeam } from '@/lib/raci/schema';

export type SnapshotAgent = {
  id: string;
  name: string;
  status: AgentStatus;
  processId: string;
  ownerId: string;
  sponsorId: string | null;
  technicalOwnerId: string | null;
  editors: string[];
  /** Days of the calendar, such as 2027-01-31. */
  endsOn: string | null;
  nextReviewOn: string | null;
  activatedAt: Date | null;
  /** When a decision, a grant or an outcome of it was last heard of. */
  lastSeenAt: Date | null;
  model: { vendor: string; name: string; version: string };
};

export type SnapshotCredential = { id: string; agentId: string; createdAt: Date; expiresAt: Date; revokedAt: Date | null };

/** `used`: it was asked for within the settings' unusedDays, whatever was decided. */
export type SnapshotPermission = { agentId: string; action: string; status: ClassificationStatus; grantedAt: Date; used: boolean };

/** What a gateway or a tool noticed, within the settings' sightingDays. */
export type SnapshotObservation = { kind: ObservationKind; subject: string; value: string; firstAt: Date; lastAt: Date; count: number };

/** Snapshot is everything that detectors read, as it stood at one instant of the database's clock. */
export type Snapshot = {
  at: Date;
  settings: FindingSettings;
  agents: readonly SnapshotAgent[];
  people: readonly Standing[];
  processes: readonly { id: string; ownerId: string }[];
  cells: readonly ProcessCell[];
  teams: readonly StandingTeam[];
  credentials: readonly SnapshotCredential[];
  permissions: readonly SnapshotPermission[];
  observations: readonly SnapshotObservation[];
  /** Halts because an agent asked for what it may not, by action. */
  halts: readonly { agentId: string; action: string; count: number; lastAt: Date }[];
  /** Actions that were allowed and whose outcome is past its time. */
  missing: readonly { agentId: string; count: number; oldestAt: Date }[];
  /** Policies in force. `reviewedAt`: when somebody last decided to keep one. */
  policies: readonly { id: string; version: number; processId: string | null; publishedAt: Date; reviewedAt: Date | null }[];
  /** What nobody inherited, until when it may stand. */
  orphans: readonly { subjectId: string; part: string; graceUntil: Date | null }[];
};
