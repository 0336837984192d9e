import { prisma } from '@/lib/platform/db/prisma';
import { followLedger } from './project';
import { Projected, readRow } from './row';
import { Entry, type EntryPage, type EntryQuery, type Head } from './schema';
import { findHead, listEntries as findEntries, listRows } from './store';

/** readHead tells where the ledger stands now and how many requests wait for a person. */
export async function readHead(): Promise<Head> {
  const head = await findHead(prisma());
  return { seq: String(head.seq), at: head.at?.toISOString() ?? null, waiting: head.waiting };
}

/** listEntries gives one page of the ledger, newest first, after taking in what was committed since. */
export async function listEntries(query: EntryQuery): Promise<EntryPage> {
  const behind = await followLedger();
  const range = {
    ...(query.before === undefined ? {} : { before: BigInt(query.before) }),
    ...(query.after === undefined ? {} : { after: BigInt(query.after) }),
  };
  const found = await findEntries(prisma(), query, { ...range, limit: query.limit + 1 });
  const page = found.slice(0, query.limit);
  const rows = await listRows(
    prisma(),
    page.map((entry) => entry.seq),
  );
  const payloads = new Map(rows.map((row) => [row.seq, Projected.parse(readRow(row).payload)]));
  const entries = page.map((entry) =>
    Entry.parse({
      seq: String(entry.seq),
      at: entry.at.toISOString(),
      kind: entry.kind,
      eventId: entry.event_id,
      agentId: entry.agent_id,
      workflowId: entry.workflow_id,
      action: entry.action_type,
      verdict: entry.verdict,
      tier: entry.tier,
      deciding: payloads.get(entry.seq)?.deciding ?? [],
      approvalId: entry.approval_id,
      actorId: entry.actor_id,
      subject: payloads.get(entry.seq)?.subject ?? null,
    }),
  );
  return { entries, next: found.length > query.limit ? (entries.at(-1)?.seq ?? null) : null, behind };
}
