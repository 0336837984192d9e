import { Prisma } from '@/lib/platform/db/generated/client';
import { prisma } from '@/lib/platform/db/prisma';
import { may } from '../permissions';
import type { Actor, Permission, Refused, User } from '../schema';
import * as store from '../store';

const transactionLimits = { timeout: 5_000, maxWait: 5_000 } as const;

/** inTransaction runs `work` in one READ COMMITTED transaction of at most 5 s; a thrown error leaves nothing behind. */
export async function inTransaction<Result>(work: (tx: store.Tx) => Promise<Result>): Promise<Result> {
  // The first event of a process loads what events cause; on a slow machine that alone could take the transaction's 5 s, so it is loaded before.
  await import('@/lib/wiring');
  return prisma().$transaction(work, { ...transactionLimits, isolationLevel: 'ReadCommitted' });
}

/**
 * lockActor holds the actor's row FOR SHARE until the transaction ends and answers the person, or undefined when they are gone or deactivated.
 * Every write by a person begins with it, so that nobody acts after the commit that removed them.
 */
export async function lockActor(tx: store.Tx, userId: string): Promise<User | undefined> {
  const user = await store.lockUserShared(tx, userId);
  return user?.status === 'active' ? user : undefined;
}

/** The person behind an actor; undefined for Countersign itself. */
export type Doer = User | undefined;

/**
 * actAs runs a use case in one transaction as its actor: the actor's row first, then the permission, then `work` with the person. Countersign
 * itself (set-up, replay, key rotation) needs neither. NOT_ALLOWED covers a removed person too.
 */
export function actAs<Result>(
  actor: Actor,
  permission: Permission,
  work: (tx: store.Tx, doer: Doer) => Promise<Result>,
): Promise<Result | Refused<'NOT_ALLOWED'>> {
  return inTransaction<Result | Refused<'NOT_ALLOWED'>>(async (tx) => {
    if (actor.type === 'system') return work(tx, undefined);
    const person = await lockActor(tx, actor.id);
    if (!person || !may(person, permission)) return { ok: false, code: 'NOT_ALLOWED' };
    return work(tx, person);
  });
}

/** Who does something to an account, and the account as it is while its row is held. */
export type Held = { doer: Doer; target: User };

/**
 * onAccount runs a change of one account: the lock that keeps an administrator, then both rows in id order, so that two administrators who change
 * each other do not deadlock; then the permission; then `work`.
 */
export function onAccount<Result>(
  actor: Actor,
  userId: string,
  work: (tx: store.Tx, held: Held) => Promise<Result>,
): Promise<Result | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>> {
  return inTransaction<Result | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>>(async (tx) => {
    await store.lockAdministrators(tx);
    const ids = actor.type === 'system' ? [userId] : [...new Set([actor.id, userId])].sort();
    const locked = new Map<string, User | undefined>();
    for (const id of ids) locked.set(id, id === userId ? await store.lockUserForChange(tx, id) : await store.lockUserShared(tx, id));
    const doer = actor.type === 'system' ? undefined : locked.get(actor.id);
    if (actor.type !== 'system' && (doer?.status !== 'active' || !may(doer, 'people:manage'))) return { ok: false, code: 'NOT_ALLOWED' };
    const target = locked.get(userId);
    return target ? work(tx, { doer, target }) : { ok: false, code: 'NOT_FOUND' };
  });
}

/** Turns that a change takes before it gives up. */
const turnsMax = 5;

/**
 * givingWay runs a transaction anew when it gave way to another one that holds what it needs and may be waiting for what it holds itself. What is
 * done to a person locks them before the things they hold; who changes such a thing may meet them the other way round.
 */
export async function givingWay<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let turn = 1; ; turn++) {
    try {
      return await work();
    } catch (error) {
      if (turn === turnsMax || !gaveWay(error)) throw error;
    }
  }
}

/** PostgreSQL's codes for a lock not given in time, and for two that waited for each other. */
const gaveWay = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && /\b(55P03|40P01)\b/.test(`${error.message} ${JSON.stringify(error.meta ?? {})}`);
