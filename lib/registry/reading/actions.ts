import { countDecisions, decisionsCountedMax, listActionEvents, type ActionEvent } from '@/lib/ledger/reading/actions';
import { listUsers } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { moneyWords } from '../domain/classification-words';
import { ClassificationStatus, Classification } from '../schema';
import {
  ActionHistory,
  ActionView,
  CALLS_COUNTED_DAYS,
  CATALOGUE_PAGE,
  CataloguePage,
  SystemRow,
  type CatalogueQuery,
  type FormOptions,
} from '../schema/catalogue';
import { findActionStatuses, findActionType } from '../store/actions';
import {
  countHolders,
  countTypes,
  listActionNames,
  listHolders,
  listSystemCounts,
  listTypes,
  type HolderCount,
  type TypeRow,
} from '../store/catalogue';
import { findSystem, listSystems } from '../store/systems';

/** Agents named in one row of the catalogue. */
const namesShown = 2;
const historyMax = 50;

const countedSince = (now: Date): Date => new Date(now.getTime() - CALLS_COUNTED_DAYS * 24 * 3600 * 1000);

/** listCatalogue gives one page of action types, those that wait for their classification first. */
export async function listCatalogue({ after, ...filter }: CatalogueQuery, now: Date = new Date()): Promise<CataloguePage> {
  const db = prisma();
  const [found, counts] = await Promise.all([listTypes(db, filter, after, CATALOGUE_PAGE + 1), countTypes(db, filter)]);
  const page = found.slice(0, CATALOGUE_PAGE);
  const names = page.map(({ name }) => name);
  const [held, calls] = await Promise.all([countHolders(db, names, namesShown), countDecisions(names, countedSince(now))]);
  return CataloguePage.parse({
    rows: page.map((row) =>
      rowOf(
        row,
        held.find((one) => one.action_type === row.name),
        calls.get(row.name) ?? 0,
      ),
    ),
    next: found.length > CATALOGUE_PAGE ? (names.at(-1) ?? null) : null,
    ...counts,
    callsMax: decisionsCountedMax,
  });
}

function rowOf(row: TypeRow, held: HolderCount | undefined, calls: number): CataloguePage['rows'][number] {
  const classification = Classification.safeParse(row.classification);
  const { effect = null, reversibility = null, money } = classification.success ? classification.data : {};
  return {
    name: row.name,
    title: row.title,
    system: { id: row.system_id, name: row.system_name },
    status: ClassificationStatus.parse(row.status),
    effect,
    reversibility,
    money: money === undefined ? null : moneyWords(money),
    agents: { count: held?.count ?? 0, names: held?.names ?? [] },
    calls,
  };
}

/** readActionView answers everything about one action type, or undefined. */
export async function readActionView(name: string, now: Date = new Date()): Promise<ActionView | undefined> {
  const db = prisma();
  const recorded = await findActionType(db, name);
  if (!recorded) return undefined;
  const { type, changedAt } = recorded;
  const undoing = type.classification?.compensation?.action;
  const [system, holders, calls, events, statuses] = await Promise.all([
    findSystem(db, type.system),
    listHolders(db, name),
    countDecisions([name], countedSince(now)),
    listActionEvents(name, historyMax),
    findActionStatuses(db, undoing === undefined ? [] : [undoing]),
  ]);
  return ActionView.parse({
    type,
    changedAt: changedAt.toISOString(),
    system: { id: type.system, name: system?.name ?? type.system },
    agents: holders,
    history: await historyOf(events),
    calls: calls.get(name) ?? 0,
    callsMax: decisionsCountedMax,
    compensation: undoing === undefined ? null : { name: undoing, status: statuses.get(undoing) ?? null },
  });
}

async function historyOf(events: readonly ActionEvent[]): Promise<ActionHistory[]> {
  if (events.length === 0) return [];
  const people = new Map((await listUsers()).map(({ id, name }) => [id, name]));
  return events.map(({ eventId, at, kind, actor, data }) =>
    ActionHistory.parse({
      eventId,
      at: at.toISOString(),
      kind,
      who: actor.type === 'system' ? 'Countersign' : (people.get(actor.id) ?? actor.id),
      status: ClassificationStatus.nullable()
        .catch(null)
        .parse(data['status'] ?? null),
      version: Number.isInteger(data['schema_version']) ? data['schema_version'] : null,
      changed: Array.isArray(data['changed']) ? data['changed'].filter((part) => typeof part === 'string') : [],
    }),
  );
}

/** listSystemRows gives every system with how many action types and agents hang on it. */
export async function listSystemRows(): Promise<SystemRow[]> {
  const rows = await listSystemCounts(prisma());
  return rows.map(({ action_types: actionTypes, ...row }) => SystemRow.parse({ ...row, actionTypes }));
}

/** readFormOptions answers what the form of an action type offers. */
export async function readFormOptions(): Promise<FormOptions> {
  const [systems, names] = await Promise.all([listSystems(prisma()), listActionNames(prisma())]);
  return { systems: systems.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name)), names };
}
