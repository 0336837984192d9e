import { appendEvent } from '@/lib/ledger/service';
import type { EventKind } from '@/lib/ledger/schema';
import { actAs, lockActor, type Actor, type Refused, type Tx } from '@/lib/people/service';
import type { Permission } from '@/lib/people/schema';
import { findDetector, mayManage, mayTend, type Manager } from '../domain';
import {
  AssignFindings,
  SettleFinding,
  SnoozeFindings,
  snoozeDaysMax,
  WakeFindings,
  type Finding,
  type FindingRefusalCode,
} from '../schema';
import * as store from '../store/findings';
import { managerOf } from './manager';
import { saidOf } from './said';

/** All of them were changed, or none. */
export type FindingsOutcome = { ok: true; changed: number } | Refused<FindingRefusalCode>;
type May = (person: Manager, finding: Finding) => boolean;

type Wanted = {
  permission: Permission;
  ids: readonly string[];
  mayThey: May;
  /** What is held before the findings, as whoever else changes both holds it. */
  first?: (tx: Tx) => Promise<Refused<FindingRefusalCode> | undefined>;
};

/** onFindings takes the actor's row and then the findings in id order, asks for each whether this person may, and that none is closed. */
function onFindings(
  actor: Actor,
  { permission, ids, mayThey, first }: Wanted,
  work: (tx: Tx, findings: Finding[], doerId: string | null) => Promise<FindingsOutcome>,
): Promise<FindingsOutcome> {
  return actAs(actor, permission, async (tx, doer): Promise<FindingsOutcome> => {
    const refused = await first?.(tx);
    if (refused) return refused;
    const wanted = new Set(ids);
    const findings = await store.lockFindings(tx, [...wanted]);
    if (findings.length < wanted.size) return { ok: false, code: 'NOT_FOUND' };
    const person = await managerOf(tx, doer);
    if (!findings.every((finding) => mayThey(person, finding))) return { ok: false, code: 'NOT_ALLOWED' };
    if (findings.some(({ status }) => status === 'closed')) return { ok: false, code: 'CLOSED' };
    return work(tx, findings, doer?.id ?? null);
  });
}

async function tell(
  tx: Tx,
  actor: Actor,
  kind: EventKind,
  finding: Finding,
  more: Record<string, string | null>,
  text?: string,
): Promise<void> {
  await appendEvent(tx, {
    kind,
    actor,
    subject: { type: 'finding', id: finding.id },
    data: { ...saidOf(finding.detector, finding), ...more },
    ...(text === undefined ? {} : { sealed: { text } }),
  });
}

/**
 * assignFindings gives findings to one active person, or takes them back when `to` is null; whoever holds one may give it back. All of them or none.
 * Throws when `input` is not an AssignFindings.
 */
export function assignFindings(actor: Actor, input: AssignFindings): Promise<FindingsOutcome> {
  const { ids, to } = AssignFindings.parse(input);
  const wanted: Wanted =
    to === null
      ? { permission: 'findings:read', ids, mayThey: mayTend }
      : { permission: 'findings:manage', ids, mayThey: mayManage, first: (tx) => whyNotTo(tx, to) };
  return onFindings(actor, wanted, async (tx, findings, doerId) => {
    const moved = findings.filter(({ assignedTo }) => assignedTo !== to);
    await store.assignRows(tx, idsOf(moved), to, doerId);
    for (const finding of moved) await tell(tx, actor, 'finding.assigned', finding, { to, from: finding.assignedTo });
    return { ok: true, changed: moved.length };
  });
}

/**
 * snoozeFindings puts findings off until the start of a day, at most snoozeDaysMax ahead; the cause is looked at all the same, and what is still there
 * then is open again. The reason is kept with the finding, and sealed beside the ledger. Throws when `input` is not a SnoozeFindings.
 */
export function snoozeFindings(actor: Actor, input: SnoozeFindings): Promise<FindingsOutcome> {
  const { ids, until, reason } = SnoozeFindings.parse(input);
  return onFindings(actor, { permission: 'findings:manage', ids, mayThey: mayManage }, async (tx, findings, doerId) => {
    const days = await store.findDaysUntil(tx, until);
    if (days < 1) return { ok: false, code: 'DAY_PAST' };
    if (days > snoozeDaysMax) return { ok: false, code: 'DAY_TOO_FAR' };
    await store.snoozeRows(tx, idsOf(findings), until, doerId, reason);
    for (const finding of findings) await tell(tx, actor, 'finding.snoozed', finding, { until }, reason);
    return { ok: true, changed: findings.length };
  });
}

/** wakeFindings opens findings that were put off, before their day. Throws when `input` is not a WakeFindings. */
export function wakeFindings(actor: Actor, input: { ids: string[] }): Promise<FindingsOutcome> {
  const { ids } = WakeFindings.parse(input);
  return onFindings(actor, { permission: 'findings:manage', ids, mayThey: mayManage }, async (tx, findings) => {
    if (findings.some(({ status }) => status !== 'snoozed')) return { ok: false, code: 'NOT_SNOOZED' };
    await store.wakeRows(tx, idsOf(findings));
    for (const finding of findings) await tell(tx, actor, 'finding.woken', finding, {});
    return { ok: true, changed: findings.length };
  });
}

/**
 * settleFinding says that what a gateway or a tool noticed is dealt with: it is forgotten, and the finding closed with the person's reason. Noticed
 * again, it is open again. Throws when `input` is not a SettleFinding.
 */
export function settleFinding(actor: Actor, id: string, input: SettleFinding): Promise<FindingsOutcome> {
  const { reason } = SettleFinding.parse(input);
  // Whoever looks meanwhile waits, and asks again what is still there.
  const first = async (tx: Tx): Promise<undefined> => {
    const finding = await store.findFinding(tx, id);
    if (finding) await store.lockRun(tx, finding.detector);
  };
  return onFindings(actor, { permission: 'findings:manage', ids: [id], mayThey: mayManage, first }, async (tx, findings) => {
    for (const finding of findings) {
      const kind = findDetector(finding.detector)?.settles ?? null;
      if (kind === null) return { ok: false, code: 'NOT_SETTLED_HERE' };
      await store.deleteObservations(tx, kind, finding.subject.id);
      await store.closeRows(tx, [finding.id]);
      await tell(tx, actor, 'finding.closed', finding, { because: 'DEALT_WITH' }, reason);
    }
    return { ok: true, changed: findings.length };
  });
}

/** They stay active until the transaction ends. Held before the findings, as a deactivation holds them. */
const whyNotTo = async (tx: Tx, to: string): Promise<Refused<'PERSON_INACTIVE'> | undefined> =>
  (await lockActor(tx, to)) ? undefined : { ok: false, code: 'PERSON_INACTIVE' };

const idsOf = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id);
