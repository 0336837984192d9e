import type { Reader } from '.';

/** listNames finds what ids of any kind are called: people, agents, processes, systems, teams, reviews, policies, requests and decisions. One that is unknown is not in the answer. */
export async function listNames(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    WITH wanted AS MATERIALIZED (SELECT unnest(${wanted}::text[]) AS id)
    SELECT id, name FROM users JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM agents JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM processes JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM systems JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM teams JOIN wanted USING (id)
    UNION ALL SELECT id, title FROM review_campaigns JOIN wanted USING (id)
    UNION ALL SELECT * FROM (SELECT DISTINCT ON (p.id) p.id, p.name FROM policies p JOIN wanted USING (id) ORDER BY p.id, p.version DESC) latest
    UNION ALL SELECT a.id, a.action_type || ' of ' || coalesce(g.name, a.agent_id) FROM approvals a JOIN wanted USING (id) LEFT JOIN agents g ON g.id = a.agent_id
    UNION ALL SELECT e.event_id, e.action_type FROM ledger_entries e JOIN wanted w ON w.id = e.event_id WHERE e.kind = 'decision.made' AND e.action_type IS NOT NULL`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** listProcesses gives the processes there are, by name. */
export const listProcesses = (db: Reader, limit: number): Promise<{ id: string; name: string }[]> =>
  db.$queryRaw`SELECT id, name FROM processes ORDER BY name, id LIMIT ${limit}`;
