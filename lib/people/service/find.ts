import { prisma } from '@/lib/platform/db/prisma';
import { Email, type User } from '../schema';
import * as store from '../store';

/** findUser answers one account, also a deactivated one, or undefined; inside a transaction when one is given. */
export const findUser = (id: string, tx?: store.Tx): Promise<User | undefined> => store.findUser(tx ?? prisma(), id);

/** findUserByEmail answers the account of an address in any case, or undefined. */
export async function findUserByEmail(email: string): Promise<User | undefined> {
  const parsed = Email.safeParse(email);
  const found = parsed.success ? await store.findUserByEmail(prisma(), parsed.data) : undefined;
  if (!found) return undefined;
  const { passwordHash: _, ...user } = found;
  return user;
}

/** listUsers answers every account, deactivated ones too, in id order. */
export const listUsers = (): Promise<User[]> => store.listUsers(prisma());
