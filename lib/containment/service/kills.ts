import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, findUser, type Doer, type PersonActor, type Refused, type Tx, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findAgent, ownsProcess } from '@/lib/registry/service';
import { maySetKill, whyNotLift, type LiftRefusal } from '../domain';
import { NewKill, Reason, reportAgeDaysMax, wholeOrganisation, type ImpactView, type KillScope, type KillSwitch } from '../schema';
import * as store from '../store/kills';
import { listSubjectNames } from '../store/reading';
import { killImpact } from './reach';

/** `already`: it was in force before; nothing was written. */
export type SetKillOutcome =
  { ok: true; kill: KillSwitch; already: boolean } | Refused<'NOT_ALLOWED' | 'TARGET_UNKNOWN' | 'SOURCE_UNKNOWN'>;

/**
 * setKill stops an agent, a process, an action type, a system or everything: no decision ordered after its commit goes ahead. Needs PostgreSQL
 * alone. The reason is kept encrypted beside the ledger. Throws when `input` is not a NewKill.
 */
export function setKill(actor: PersonActor, input: NewKill): Promise<SetKillOutcome> {
  const { scope, target, reason, source } = NewKill.parse(input);
  return actAs(actor, 'kill:set', async (tx, doer): Promise<SetKillOutcome> => {
    if (!doer || !maySetKill(doer, scope, await ownsTarget(tx, doer, scope, target))) return { ok: false, code: 'NOT_ALLOWED' };
    if (!(await store.targetExists(tx, scope, target))) return { ok: false, code: 'TARGET_UNKNOWN' };
    const before = await store.holdActiveKill(tx, scope, target);
    if (before) return { ok: true, kill: before, already: true };
    const detectedAt = source && (await store.findDetection(tx, source, reportAgeDaysMax));
    if (source && !detectedAt) return { ok: false, code: 'SOURCE_UNKNOWN' };
    const sourceId = source && source.type !== 'report' ? source.id : null;
    const row = {
      id: newId('kil'),
      scope,
      target,
      reason,
      setBy: doer.id,
      sourceType: source?.type ?? null,
      sourceId,
      detectedAt: detectedAt ?? null,
      drillId: null,
    };
    const kill = await pressed(tx, row);
    if (kill.id !== row.id) return { ok: true, kill, already: true };
    await appendEvent(tx, {
      kind: 'kill.set',
      actor,
      subject: { type: 'kill', id: kill.id },
      data: { scope, target, ...(source ? { source: { type: source.type, id: sourceId }, detected_at: detectedAt?.toISOString() } : {}) },
      sealed: { text: reason },
    });
    return { ok: true, kill, already: false };
  });
}

// Of two who press at the same time one sets it, and the other waits for that.
async function pressed(tx: Tx, row: Parameters<typeof store.insertKill>[1] & { scope: KillScope }): Promise<KillSwitch> {
  for (;;) {
    const kill = (await store.insertKill(tx, row)) ?? (await store.holdActiveKill(tx, row.scope, row.target));
    if (kill) return kill;
  }
}

async function ownsTarget(tx: Tx | ReturnType<typeof prisma>, doer: NonNullable<Doer>, scope: KillScope, target: string): Promise<boolean> {
  if (scope === 'process') return ownsProcess(tx, doer, target);
  if (scope !== 'agent') return false;
  const agent = await findAgent(target, tx);
  return agent !== undefined && ownsProcess(tx, doer, agent.processId);
}

/** impactOf answers what a stop would stop now, whether this person may set it, and the stop that is in force already; undefined when there is no such target. */
export async function impactOf(person: User, scope: KillScope, target: string): Promise<ImpactView | undefined> {
  const db = prisma();
  if (scope === 'organisation' ? target !== wholeOrganisation : !(await store.targetExists(db, scope, target))) return undefined;
  const [impact, owns, inForce, names] = await Promise.all([
    killImpact(scope, target),
    ownsTarget(db, person, scope, target),
    store.findActiveKill(db, scope, target),
    listSubjectNames(db, [target]),
  ]);
  return {
    target: { id: target, name: scope === 'organisation' ? 'Everything' : (names.get(target) ?? target) },
    impact,
    maySet: maySetKill(person, scope, owns),
    inForce: inForce?.id ?? null,
  };
}

export type LiftKillOutcome = { ok: true; kill: KillSwitch } | Refused<'NOT_FOUND' | LiftRefusal>;

/** liftKill ends a stop. SAME_PERSON: whoever set it cannot lift it, with no account of theirs. Throws when there is no reason. */
export function liftKill(actor: PersonActor, input: { id: string; reason: string }): Promise<LiftKillOutcome> {
  const reason = Reason.parse(input.reason);
  return actAs(actor, 'kill:lift', async (tx, doer): Promise<LiftKillOutcome> => {
    const kill = await store.findKill(tx, input.id);
    if (!kill) return { ok: false, code: 'NOT_FOUND' };
    const refusal = whyNotLift(kill, await findUser(kill.setBy, tx), doer);
    if (refusal) return { ok: false, code: refusal };
    if (!(await store.liftKillRow(tx, kill.id, actor.id, reason))) return { ok: false, code: 'ALREADY_LIFTED' };
    const { scope, target, setBy } = kill;
    const data = { scope, target, set_by: setBy };
    await appendEvent(tx, { kind: 'kill.lifted', actor, subject: { type: 'kill', id: kill.id }, data, sealed: { text: reason } });
    return { ok: true, kill };
  });
}

/** listKills answers stops, newest first; those in force only unless asked for all. */
export const listKills = (all = false): Promise<KillSwitch[]> => store.listKills(prisma(), !all);
