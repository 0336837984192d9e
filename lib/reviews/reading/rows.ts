import { ReviewChanges, ReviewSubject } from '../schema';
import { CampaignRow, ItemRow, type Named } from './schema';
import type { CampaignRecord, ItemRecord } from './store';

const named = (id: string | null, name: string | null): Named | null => (id === null ? null : { id, name: name ?? id });

/** rowOf is an item as lists show it. */
export function rowOf(record: ItemRecord): ItemRow {
  return ItemRow.parse({
    id: record.id,
    campaign: { id: record.campaignId, name: record.campaignTitle },
    subject: { type: ReviewSubject.parse(record.subject), id: record.subjectId, name: record.subjectName ?? record.subjectId },
    process: named(record.processId, record.processName),
    reviewer: named(record.reviewerId, record.reviewerName),
    escalatedTo: named(record.escalatedId, record.escalatedName),
    dueOn: record.dueOn,
    overdue: record.overdue,
    status: record.status,
    decision: record.decision,
    decidedBy: named(record.deciderId, record.deciderName),
    decidedAt: record.decidedAt?.toISOString() ?? null,
    changes: ReviewChanges.catch({}).parse(record.changes),
  });
}

/** campaignOf is a campaign with its progress and what it changed. */
export function campaignOf(record: CampaignRecord): CampaignRow {
  const { kept, permissionsRemoved, reduced, reassigned, decommissioned, revised, drafts, openedAt, closedAt, ...row } = record;
  return CampaignRow.parse({
    ...row,
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    results: { kept, permissionsRemoved, reduced, reassigned, decommissioned, revised, drafts },
  });
}
