import pg from 'pg';
import { EventPayload, rowHeadBytes } from '@/lib/ledger/schema';
import { prisma } from '@/lib/platform/db/prisma';
import type { Role } from '../schema';
import { createUser, type PersonActor, type SystemActor } from '../service';

export const setup: SystemActor = { type: 'system', id: 'setup' };
/** The password of every person made here. */
export const password = 'correct horse battery staple';

export type TestPerson = { id: string; email: string; personId: string; actor: PersonActor };
let accounts = 0;

/** person makes an active account with these roles; `personId` makes it a second account of somebody. */
export async function person(roles: Role[], personId?: string): Promise<TestPerson> {
  const email = `person${++accounts}@example.com`;
  const made = await createUser(setup, { email, name: 'Test Person', password, roles, ...(personId ? { personId } : {}) });
  if (!made.ok) throw new Error(made.code);
  return { ...made.user, actor: { type: 'user', id: made.user.id } };
}

/** eventsAbout reads the ledger rows of one subject, oldest first. */
export async function eventsAbout(subject: string): Promise<EventPayload[]> {
  const rows = await prisma().ledgerRow.findMany({ orderBy: { seq: 'asc' } });
  const payloads = rows.map((row): unknown => JSON.parse(Buffer.from(row.bytes.subarray(rowHeadBytes)).toString('utf8')));
  // A decision has another shape, and is about no subject.
  const events = payloads.map((payload) => EventPayload.safeParse(payload)).filter(({ success }) => success);
  return events.flatMap(({ data }) => (data?.subject.id === subject ? [data] : []));
}

/** waitUntilBlocked returns once PostgreSQL says that some connection to this database (or so many) waits for what another holds. */
export async function waitUntilBlocked(url: string, connections = 1): Promise<void> {
  const watcher = new pg.Client({ connectionString: url });
  await watcher.connect();
  try {
    for (;;) {
      const { rowCount } = await watcher.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      if ((rowCount ?? 0) >= connections) return;
    }
  } finally {
    await watcher.end();
  }
}
