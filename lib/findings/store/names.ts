import type { Reader } from './findings';

/** listNames finds what people call the agents, accounts, processes, teams, systems, policies and credentials among these ids. */
export async function listNames(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM agents WHERE id = ANY (${wanted}) UNION ALL SELECT id, name FROM users WHERE id = ANY (${wanted})
    UNION ALL SELECT id, name FROM processes WHERE id = ANY (${wanted}) UNION ALL SELECT id, name FROM teams WHERE id = ANY (${wanted})
    UNION ALL SELECT id, name FROM systems WHERE id = ANY (${wanted})
    UNION ALL SELECT id, '…' || hint || CASE WHEN label = '' THEN '' ELSE ' (' || label || ')' END FROM credentials WHERE id = ANY (${wanted})
    UNION ALL SELECT DISTINCT ON (id) id, name FROM policies WHERE id = ANY (${wanted}) AND status = 'active'`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}
