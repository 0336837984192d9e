import { listEntriesWithData } from '@/lib/ledger/reading';
import type { Entry, EntryQuery } from '@/lib/ledger/reading/schema';
import type { Actor, Subject } from '@/lib/ledger/schema';
import { prisma } from '@/lib/platform/db/prisma';
import type { ToldEntry, ToldPage } from './schema';
import { listNames } from './store/names';
import { tellEvent } from './words';

type Event = { kind: string; actor: Actor | null; subject: Subject | null; decisionId: string | null; data: Record<string, unknown> };

/** listLedger gives one page of the ledger, newest first, each event told in words. */
export async function listLedger(query: EntryQuery): Promise<ToldPage> {
  const { page, data } = await listEntriesWithData(query);
  const events = page.entries.map((entry) => eventOf(entry, data.get(entry.seq) ?? {}));
  const tell = await teller(events, page.entries);
  return { ...page, entries: page.entries.map((entry, i): ToldEntry => ({ ...entry, words: tell(events[i], entry) })) };
}

const eventOf = (entry: Entry, data: Record<string, unknown>): Event => ({
  kind: entry.kind,
  actor: entry.actor,
  subject: entry.subject,
  decisionId: entry.decisionId,
  data,
});

async function teller(events: readonly Event[], entries: readonly Entry[]): Promise<(event: Event | undefined, entry: Entry) => string> {
  const names = await namesOf(
    events,
    entries.flatMap(({ agentId }) => (agentId === null ? [] : [agentId])),
  );
  return (event, entry) => {
    if (entry.kind === 'decision.made') return entry.agentId === null ? '' : (names.get(entry.agentId) ?? entry.agentId);
    return event === undefined ? entry.kind : told(event, names);
  };
}

/** tellOne puts one event into words, with the names of who did it and what it is about. */
export async function tellOne(event: Event): Promise<{ words: string; actor: string | null; subject: string | null }> {
  const names = await namesOf([event], []);
  return {
    words: told(event, names),
    actor: event.actor === null ? null : actorName(event.actor, names),
    subject: event.subject === null ? null : (names.get(event.subject.id) ?? null),
  };
}

function namesOf(events: readonly Event[], more: readonly string[]): Promise<Map<string, string>> {
  const ids = events.flatMap(({ actor, subject, decisionId, data }) => [
    ...[actor?.id, subject?.id, decisionId].flatMap((id) => (typeof id === 'string' ? [id] : [])),
    ...Object.values(data)
      .flat()
      .filter((value): value is string => typeof value === 'string'),
  ]);
  return listNames(prisma(), [...ids, ...more]);
}

const nobody: Record<Actor['type'], string> = {
  user: 'Somebody',
  operator: 'Somebody',
  agent: 'An agent',
  gateway: 'The gateway',
  system: 'Countersign',
};

function actorName(actor: Actor, names: ReadonlyMap<string, string>): string {
  const name = names.get(actor.id);
  if (name === undefined) return nobody[actor.type];
  return actor.type === 'operator' ? `${name} (at the command line)` : name;
}

function told({ kind, actor, subject, decisionId, data }: Event, names: ReadonlyMap<string, string>): string {
  return tellEvent(kind, {
    who: actor === null ? 'Somebody' : actorName(actor, names),
    subject: subject === null ? '' : (names.get(subject.id) ?? subject.id),
    about: (decisionId === null ? undefined : names.get(decisionId)) ?? 'an action',
    nameOf: (id) => names.get(id) ?? id,
    said: data,
  });
}
