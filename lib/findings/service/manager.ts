import type { Doer, Tx } from '@/lib/people/service';
import type { Manager } from '../domain';
import { listAccounts, listOwned } from '../store/people';

/** managerOf is a person as far as it matters to findings. */
export async function managerOf(db: Tx, doer: Doer): Promise<Manager> {
  if (!doer) return undefined;
  const accounts = await listAccounts(db, doer.personId);
  return { roles: doer.roles, accounts: new Set(accounts), owns: new Set(await listOwned(db, accounts)) };
}
