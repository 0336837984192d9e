import { z } from 'zod';
import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findDetector, mayManage, sentenceOf, type Manager, type NameOf } from '../domain';
import { FindingId, severities, type Finding, type FindingItem, type FindingPage, type FindingQuery, type FindingSubject } from '../schema';
import * as lists from '../store/lists';
import { listNames } from '../store/names';
import { listAccounts, listOwned } from '../store/people';

/** `at` in microseconds since 1970. */
const Cursor = z.object({ rank: z.int().min(1).max(severities.length), at: z.string().regex(/^\d{1,16}$/), id: FindingId });

const writeCursor = (cursor: lists.Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** A cursor that is none starts from the beginning: addresses are typed, and cut off. */
function readCursor(text: string | undefined): lists.Cursor | undefined {
  try {
    return text === undefined ? undefined : Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** readFindings answers one page of findings, and how many there would be for each value of each filter. */
export async function readFindings(person: User, query: FindingQuery): Promise<FindingPage> {
  const manager = await readManager(person);
  const scope = { filter: query, ...whoseOf(person, manager) };
  const [found, counted] = await Promise.all([
    lists.listFindings(prisma(), scope, readCursor(query.after), query.limit + 1),
    lists.countFindings(prisma(), scope),
  ]);
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const processes = await listNames(
    prisma(),
    valuesOf(counted, 'process').map(({ value }) => value),
  );
  const countOf = (facet: lists.Counted['facet'], value: string): number =>
    counted.find((row) => row.facet === facet && row.value === value)?.count ?? 0;
  return {
    items: await itemsOf(
      page.map(({ finding }) => finding),
      manager,
    ),
    next: found.length > query.limit && last ? writeCursor(last.cursor) : null,
    total: countOf('status', query.status),
    statuses: { open: countOf('status', 'open'), snoozed: countOf('status', 'snoozed'), closed: countOf('status', 'closed') },
    detectors: named(valuesOf(counted, 'detector'), (id) => findDetector(id)?.title ?? id),
    severities: severities.flatMap((value) =>
      countOf('severity', value) === 0 ? [] : [{ value, label: value, count: countOf('severity', value) }],
    ),
    processes: named(valuesOf(counted, 'process'), (id) => processes.get(id) ?? id),
    mine: countOf('mine', 'yes'),
    waits: countOf('mine', 'waits'),
  };
}

const valuesOf = (counted: readonly lists.Counted[], facet: lists.Counted['facet']) => counted.filter((row) => row.facet === facet);
const named = (rows: readonly lists.Counted[], labelOf: (value: string) => string) =>
  rows
    .map(({ value, count }) => ({ value, label: labelOf(value), count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));

/** A person as far as it matters to findings, outside a change. */
export async function readManager(person: User): Promise<NonNullable<Manager>> {
  const accounts = await listAccounts(prisma(), person.personId);
  return { roles: person.roles, accounts: new Set(accounts), owns: new Set(await listOwned(prisma(), accounts)) };
}

/** Security and risk look after all findings: what is nobody's and grave is theirs. */
const whoseOf = (person: User, { accounts }: NonNullable<Manager>): lists.Whose => ({
  accounts: [...accounts],
  grave: may(person, 'findings:manage') && person.roles.some((role) => role === 'security' || role === 'risk'),
});

/** itemsOf tells findings as lines of a list, with names in place of ids. */
export async function itemsOf(findings: readonly Finding[], manager: Manager): Promise<FindingItem[]> {
  const names = await namesIn(findings);
  return findings.map((finding) => itemOf(finding, names, manager));
}

/** namesIn finds the names of everything that findings mention. */
export async function namesIn(findings: readonly Finding[]): Promise<NameOf> {
  const names = await listNames(
    prisma(),
    findings.flatMap(({ subject, processId, assignedTo, assignedBy, snoozedBy, facts }) => [
      ...[subject.id, processId, assignedTo, assignedBy, snoozedBy].flatMap((id) => id ?? []),
      ...Object.values(facts)
        .flat()
        .filter((value): value is string => typeof value === 'string'),
    ]),
  );
  return (id) => names.get(id) ?? id;
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function itemOf(finding: Finding, nameOf: NameOf, manager: Manager): FindingItem {
  const { id, detector, severity, status, subject, processId, timesOpened, assignedTo, facts } = finding;
  const person = (who: string | null) => (who === null ? null : { id: who, name: nameOf(who) });
  return {
    id,
    detector,
    title: findDetector(detector)?.title ?? detector.replaceAll('_', ' '),
    sentence: sentenceOf(detector, facts, nameOf),
    severity,
    status,
    subject: { ...subject, name: nameOf(subject.id), href: hrefOf(subject, facts['agent']) },
    process: person(processId),
    openedAt: finding.openedAt.toISOString(),
    timesOpened,
    graceUntil: iso(finding.graceUntil),
    assignedTo: person(assignedTo),
    snoozedUntil: iso(finding.snoozedUntil),
    closedAt: iso(finding.closedAt),
    manageable: mayManage(manager, finding),
  };
}

const pages: Record<FindingSubject['type'], (id: string, agent: string) => string | null> = {
  agent: (id) => `/registry/agents/${encodeURIComponent(id)}`,
  credential: (_, agent) => (agent === '' ? null : `/registry/agents/${encodeURIComponent(agent)}/credentials`),
  process: (id) => `/raci/${encodeURIComponent(id)}`,
  team: () => '/people/teams',
  policy: (id) => `/policy/${encodeURIComponent(id)}`,
  client: () => null,
  system: (id) => `/registry/systems/${encodeURIComponent(id)}`,
};
const hrefOf = ({ type, id }: FindingSubject, agent: unknown): string | null => pages[type](id, typeof agent === 'string' ? agent : '');

/** Findings of one agent that its page shows. */
const ofAgentMax = 20;

/** readFindingsOf answers what is open or put off about one agent, its credentials included, worst first. */
export async function readFindingsOf(person: User, agentId: string): Promise<FindingItem[]> {
  return itemsOf(await lists.listOpenOf(prisma(), agentId, ofAgentMax), await readManager(person));
}

export type MyFinding = { id: string; title: string; href: string; at: string };

/**
 * listMyFindings answers what waits for a person, worst first: what was given to them, what is nobody's and about what they own, and for those who look
 * after all findings what is nobody's and grave.
 */
export async function listMyFindings(person: User, limit: number): Promise<{ items: MyFinding[]; total: number }> {
  const manager = await readManager(person);
  const { findings, total } = await lists.listMine(prisma(), whoseOf(person, manager), limit);
  const items = await itemsOf(findings, manager);
  return { items: items.map(({ id, sentence, openedAt }) => ({ id, title: sentence, href: `/findings/${id}`, at: openedAt })), total };
}

/** Accounts offered in the list of who a finding can be given to. */
const assignableMax = 1_000;

/** listAssignable answers who a finding can be given to, by name. */
export const listAssignable = (): Promise<{ id: string; name: string }[]> => lists.listAssignable(prisma(), assignableMax);
