import type { TestDatabase } from '@/lib/platform/testing/database';
import { newId } from '@/lib/kernel/ids';
import { withClient } from '@/lib/platform/db';

/** The checkpoint that a resumption is about. */
export type About = { origin: string; size: bigint; root: Buffer; kept?: bigint };

/** resume writes what two people's service writes: a resumption that was asked and signed, with both events. `changes` makes it say something else. */
export async function resume(
  database: TestDatabase,
  about: About,
  changes: { id?: string; event?: Partial<About>; signed?: boolean } = {},
): Promise<string> {
  const id = changes.id ?? newId('rsm');
  await withClient(database.webUrl, async (client) => {
    await client.query(
      `INSERT INTO users (id, person_id, email, name, password_hash, roles)
       SELECT 'usr_' || who, 'per_' || who, who || '@example.com', who, 'x', ARRAY['leader'] FROM unnest(ARRAY['one', 'two']) AS who ON CONFLICT DO NOTHING`,
    );
    await client.query(
      `INSERT INTO resumptions (id, outside_origin, outside_size, outside_root, kept_size, head_size, refused, asked_by, reason)
       VALUES ($1, $2, $3, $4, $5, 0, 'behind', 'usr_one', 'x')`,
      [id, about.origin, about.size.toString(), about.root, (about.kept ?? 0n).toString()],
    );
    const told = { ...about, ...changes.event };
    const event = (kind: string, by: string, data: Record<string, string>) =>
      client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, $2, convert_to($3, 'UTF8'))", [
        kind,
        id,
        JSON.stringify({ kind, id: newId('evt'), actor: { type: 'user', id: by }, subject: { type: 'resumption', id }, data }),
      ]);
    const data = { outside_size: told.size.toString(), outside_root: told.root.toString('hex') };
    await event('resumption.asked', 'usr_one', data);
    if (changes.signed === false) return;
    await client.query('BEGIN');
    await client.query("UPDATE resumptions SET signed_by = 'usr_two', signed_at = now(), signed_reason = 'y' WHERE id = $1", [id]);
    await event('resumption.signed', 'usr_two', { ...data, asked_by: 'usr_one' });
    await client.query('COMMIT');
  });
  return id;
}
