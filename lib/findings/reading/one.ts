import { z } from 'zod';
import { tellOne } from '@/lib/check/reading/entries';
import { readUnsealed, type Side } from '@/lib/ledger/reading';
import { EventPayload } from '@/lib/ledger/schema';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import { roles, type Permission } from '@/lib/people/schema';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findDetector, fixesOf, type Manager, type NameOf } from '../domain';
import type { Finding, FindingEvent, FindingView } from '../schema';
import { findFinding } from '../store/findings';
import * as lists from '../store/lists';
import { itemOf, namesIn, readManager } from './list';

/** Events shown in the history of a finding. */
export const findingEventsMax = 50;

const partWords: Record<lists.AnswersRow['part'], string> = {
  owner: 'answers for the agent',
  technical_owner: 'runs the agent',
  process_owner: 'owns the process',
};

/** readFinding answers one finding whole, as this person may see it and act on it; undefined when there is none. */
export async function readFinding(person: User, id: string): Promise<FindingView | undefined> {
  const finding = await findFinding(prisma(), id);
  if (!finding) return undefined;
  const agent = finding.facts['agent'];
  const [manager, nameOf, history, answering] = await Promise.all([
    readManager(person),
    namesIn([finding]),
    readHistory(person, id),
    lists.listAnswering(prisma(), typeof agent === 'string' ? agent : null, finding.processId),
  ]);
  const named = (who: string | null) => (who === null ? null : { id: who, name: nameOf(who) });
  return {
    ...itemOf(finding, nameOf, manager),
    means: findDetector(finding.detector)?.means ?? '',
    facts: factLines(finding, nameOf),
    seenAt: finding.seenAt.toISOString(),
    snoozedBy: named(finding.snoozedBy),
    // As its event's text is read in the history below.
    snoozeReason: may(person, 'arguments:read') ? finding.snoozeReason : null,
    assignedBy: named(finding.assignedBy),
    answers: answering.map(({ part, ...who }) => ({ ...who, part: partWords[part] })),
    fixes: finding.status === 'closed' ? [] : fixesFor(finding, manager),
    history,
    own: finding.assignedTo !== null && manager.accounts.has(finding.assignedTo),
  };
}

function fixesFor(finding: Finding, manager: NonNullable<Manager>): FindingView['fixes'] {
  return fixesOf(finding.detector, finding.facts).map((fix) => ({
    fix,
    mine: mayDo(manager, fix.permission, finding.processId),
    who: whoMay(fix.permission),
  }));
}

/** What a process owner holds about agents reaches their own processes only. */
const mayDo = (manager: NonNullable<Manager>, permission: Permission, processId: string | null): boolean =>
  may(manager, permission) && (!ownProcessOnly(manager, permission) || (processId !== null && manager.owns.has(processId)));

const roleWords: Record<(typeof roles)[number], string> = {
  admin: 'administrators',
  process_owner: 'the owner of its process',
  leader: 'leaders',
  security: 'security',
  risk: 'risk officers',
  engineer: 'engineers',
  auditor: 'auditors',
};
const whoMay = (permission: Permission): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(
    roles.filter((role) => may({ roles: [role] }, permission)).map((role) => roleWords[role]),
  );

/** The lists among the facts, whole: the sentence names only the first few of each, and says all the rest. */
function factLines({ facts }: Finding, nameOf: NameOf): { name: string; value: string }[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length < 2) return [];
    const words = name.replaceAll('_', ' ');
    return [{ name: `${words.charAt(0).toUpperCase()}${words.slice(1)}`, value: valueText(value, nameOf) }];
  });
}

function valueText(value: unknown, nameOf: NameOf): string {
  if (typeof value === 'string') return nameOf(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map((one) => valueText(one, nameOf)).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map((one) => valueText(one, nameOf).toLowerCase().replaceAll('_', ' '))
      .join(' · ');
  return '';
}

/** What happened to a finding, newest first, as far as the explorer has taken the ledger in. What people wrote is for those who may read arguments. */
async function readHistory(person: User, id: string): Promise<FindingEvent[]> {
  const seqs = await lists.listEventsOf(prisma(), id, findingEventsMax);
  const rows = await readUnsealed(seqs);
  const readable = may(person, 'arguments:read');
  const events = seqs.map(async (seq): Promise<FindingEvent[]> => {
    const row = rows.get(seq);
    const payload = EventPayload.safeParse(row?.event.payload);
    if (!row || !payload.success || payload.data.subject.id !== id) return [];
    const { kind, actor, subject, data } = payload.data;
    const { words } = await tellOne({ kind, actor, subject, decisionId: null, data });
    return [{ seq: String(seq), at: row.event.at.toISOString(), words, text: textOf(row.side, readable) }];
  });
  return (await Promise.all(events)).flat();
}

const Written = z.object({ text: z.string() });

function textOf(side: Side, readable: boolean): string | null {
  if (side.state === 'none' || side.state === 'erased') return null;
  if (!readable) return 'hidden';
  const written = side.state === 'open' && side.text !== undefined ? Written.safeParse(JSON.parse(side.text)) : undefined;
  return written?.success ? written.data.text : null;
}
