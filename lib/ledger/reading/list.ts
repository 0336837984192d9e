import { prisma } from '@/lib/platform/db/prisma';
import { readMore } from './row';
import { Entry, type EntryPage, type EntryQuery, type Head } from './schema';
import { findHead, listEntries as findEntries, listRows } from './store';

/** readHead tells up to where the ledger can be shown now and how many requests wait for a person. */
export async function readHead(): Promise<Head> {
  const head = await findHead(prisma());
  return { seq: String(head.shown), behind: Number(head.seq - head.shown), waiting: head.waiting };
}

/** The codes, ids and numbers that events were written with, by sequence number. */
export type EntryData = ReadonlyMap<string, Record<string, unknown>>;

/** listEntries gives one page of the ledger, newest first. The page lags the ledger by what the head calls `behind`. */
export const listEntries = async (query: EntryQuery): Promise<EntryPage> => (await listEntriesWithData(query)).page;

/** listEntriesWithData is listEntries with what each event was written with. */
export async function listEntriesWithData(query: EntryQuery): Promise<{ page: EntryPage; data: EntryData }> {
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
  const more = new Map(rows.map((row) => [row.seq, readMore(row)]));
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
      because: more.get(entry.seq)?.because ?? [],
      approvalId: entry.approval_id,
      actor: more.get(entry.seq)?.actor ?? null,
      subject: more.get(entry.seq)?.subject ?? null,
      processId: entry.process_id,
      decisionId: entry.decision_id,
    }),
  );
  const next = found.length > query.limit ? (entries.at(-1)?.seq ?? null) : null;
  return { page: { entries, next }, data: new Map([...more].map(([seq, { data }]) => [String(seq), data])) };
}
