import type { Reader } from './findings';

/** listAccounts answers every account of a person. */
export async function listAccounts(db: Reader, personId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM users WHERE person_id = ${personId} ORDER BY id`;
  return rows.map(({ id }) => id);
}

/** listOwned answers the processes whose owner is one of these accounts. */
export async function listOwned(db: Reader, accounts: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM processes WHERE owner_id = ANY (${[...accounts]}) ORDER BY id`;
  return rows.map(({ id }) => id);
}
