import { appendEvent } from '@/lib/ledger/service';
import { inTransaction } from '@/lib/people/service';
import { setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';

/** Item is one review item as the database has it, with its campaign's day and name. */
export type Item = {
  id: string;
  campaignId: string;
  subjectId: string;
  reviewerId: string | null;
  status: string;
  reminded: number | null;
  escalatedTo: string | null;
  decision: string | null;
  changes: unknown;
  period: string;
  dueOn: string;
};

/** itemsOf reads the items of one subject, oldest first. */
export const itemsOf = (subjectId: string): Promise<Item[]> => prisma().$queryRaw<Item[]>`
  SELECT i.id, i.campaign_id AS "campaignId", i.subject_id AS "subjectId", i.reviewer_id AS "reviewerId", i.status, i.reminded, i.escalated_to AS "escalatedTo",
    i.decision, i.changes, c.period, c.due_on::text AS "dueOn"
  FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id WHERE i.subject_id = ${subjectId} ORDER BY i.id`;

/** itemOf reads the one item of a subject; throws when there is not exactly one. */
export async function itemOf(subjectId: string): Promise<Item> {
  const [item, ...more] = await itemsOf(subjectId);
  if (!item || more.length > 0) throw new Error(`${subjectId} has ${more.length + (item ? 1 : 0)} items`);
  return item;
}

/** dueIn lets the campaign of an item be due so many days from now; negative: it was. */
export async function dueIn(campaignId: string, days: number): Promise<void> {
  await prisma().$executeRaw`UPDATE review_campaigns SET due_on = (now() AT TIME ZONE 'UTC')::date + ${days}::int WHERE id = ${campaignId}`;
}

/** reviewDue lets an agent's own date fall due, as an edit of it long ago would have. */
export async function reviewDue(agentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`UPDATE agents SET next_review_on = (now() AT TIME ZONE 'UTC')::date WHERE id = ${agentId}`;
    await appendEvent(tx, { kind: 'agent.changed', actor: setup, subject: { type: 'agent', id: agentId }, data: {} });
  });
}

/** managedBy names an account's manager, as its record would. */
export async function managedBy(userId: string, managerId: string | null): Promise<void> {
  await prisma().$executeRaw`UPDATE users SET manager_id = ${managerId} WHERE id = ${userId}`;
}

/** nobodys takes the reviewers from these agents' items; of `forever` everybody there is has a part, so that nobody else can be named. */
export async function nobodys(agentIds: readonly string[], forever: readonly string[]): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`UPDATE agents SET editors = ARRAY(SELECT person_id FROM users) WHERE id = ANY (${[...forever]})`;
    await tx.$executeRaw`UPDATE review_items SET reviewer_id = NULL WHERE status = 'open' AND subject_id = ANY (${[...agentIds]})`;
    await appendEvent(tx, { kind: 'agent.changed', actor: setup, subject: { type: 'agent', id: 'agt_all' }, data: {} });
  });
}

/** putAside takes everything back that is open or due, and lets the campaigns of this week be other ones. */
export async function putAside(): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`UPDATE review_items SET status = 'void' WHERE status = 'open'`;
    await tx.$executeRaw`UPDATE review_campaigns SET period = id, closed_at = now()`;
    await tx.$executeRaw`UPDATE users SET manager_id = NULL`;
    await tx.$executeRaw`UPDATE agents SET next_review_on = NULL`;
    await appendEvent(tx, { kind: 'agent.changed', actor: setup, subject: { type: 'agent', id: 'agt_all' }, data: {} });
  });
}
