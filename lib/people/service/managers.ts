import { prisma } from '@/lib/platform/db/prisma';
import { whyNotManager, type ManagerRefusal } from '../domain';
import type { User } from '../schema';
import * as store from '../store';
import * as managers from '../store/managers';

/** findManagerId answers who manages an account, or null. */
export const findManagerId = (id: string, tx?: store.Tx): Promise<string | null> => managers.findManagerId(tx ?? prisma(), id);

/** findAccounts answers these accounts and every account of one person, deactivated ones too; unknown ids are left out. */
export const findAccounts = (ids: readonly string[], personId: string, tx?: store.Tx): Promise<User[]> =>
  managers.listAccounts(tx ?? prisma(), ids, personId);

/** refuseManager says why somebody is not made the manager of an account. Changes of people run one after another, so two cannot close a circle together. */
export async function refuseManager(tx: store.Tx, target: Pick<User, 'personId'>, managerId: string): Promise<ManagerRefusal | undefined> {
  return whyNotManager(target, await store.findUser(tx, managerId), await managers.listPersonsAbove(tx, managerId));
}
