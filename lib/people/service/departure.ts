import { appendEvent } from '@/lib/ledger/service';
import { holdsTooMuch, whyNotDeactivate, whyNotReactivate, type DeactivationRefusal, type ReactivationRefusal } from '../domain';
import type { Actor, Refused } from '../schema';
import * as store from '../store';
import { hashPassword, newOneTimePassword } from './passwords';
import { givingWay, onAccount } from './transactions';

export type DeactivationOutcome =
  { ok: true; sessionsEnded: number } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'LAST_ADMIN' | 'HOLDS_TOO_MUCH' | DeactivationRefusal>;

/**
 * deactivateUser removes a person: at its commit they are out, with every session they had and (lib/wiring.ts) every approval they signed, and all
 * they answered for has gone to whoever inherits it. HOLDS_TOO_MUCH when that is more than one commit moves: nothing has changed then.
 */
export const deactivateUser = (actor: Actor, userId: string): Promise<DeactivationOutcome> => givingWay(() => deactivate(actor, userId));

function deactivate(actor: Actor, userId: string): Promise<DeactivationOutcome> {
  return onAccount(actor, userId, async (tx, { doer, target }): Promise<DeactivationOutcome> => {
    const refusal = whyNotDeactivate(doer?.personId, target);
    if (refusal) return { ok: false, code: refusal };
    // Their row is held, so nothing more comes to them.
    if (holdsTooMuch(await store.countHeld(tx, userId))) return { ok: false, code: 'HOLDS_TOO_MUCH' };
    if ((await store.deactivateUserRow(tx, userId)) !== 1) return { ok: false, code: 'LAST_ADMIN' };
    const sessionsEnded = await store.endSessionsOf(tx, userId);
    await appendEvent(tx, {
      kind: 'user.deactivated',
      actor,
      subject: { type: 'user', id: userId },
      data: { sessions_ended: sessionsEnded },
    });
    return { ok: true, sessionsEnded };
  });
}

export type ReactivationOutcome = { ok: true; oneTimePassword: string } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | ReactivationRefusal>;

/**
 * reactivateUser lets a deactivated account in again with the roles it had, under a one-time password that this answer alone holds. What ended
 * with the deactivation (sessions, approvals) stays ended.
 */
export async function reactivateUser(actor: Actor, userId: string): Promise<ReactivationOutcome> {
  const oneTimePassword = newOneTimePassword();
  const passwordHash = await hashPassword(oneTimePassword);
  return onAccount(actor, userId, async (tx, { doer, target }): Promise<ReactivationOutcome> => {
    const refusal = whyNotReactivate(doer?.personId, target);
    if (refusal) return { ok: false, code: refusal };
    if ((await store.reactivateUserRow(tx, userId, passwordHash)) !== 1) return { ok: false, code: 'ALREADY_ACTIVE' };
    await appendEvent(tx, {
      kind: 'user.changed',
      actor,
      subject: { type: 'user', id: userId },
      data: { reactivated: true, roles: target.roles },
    });
    return { ok: true, oneTimePassword };
  });
}
