import { prisma } from '@/lib/platform/db/prisma';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import { readAgentNames, readProcessNames } from '@/lib/registry/reading';
import { daysOf, readAllMetrics, readMetric, type DayCounts, type Window } from '../domain/metrics';
import {
  metricRowsMax,
  scopeId,
  scopeOf,
  type MetricCounts,
  type MetricId,
  type MetricPage,
  type MetricQuery,
  type MetricRow,
  type Scope,
} from '../schema';
import * as store from '../store/metrics';
import { readNow } from '../store/reader';

const dayMs = 86_400_000;

/** readMetrics answers every metric of a scope over the last days, or, with `id`, one of them and the rows it shows itself; undefined when there is no such process or agent. */
export async function readMetrics(query: MetricQuery, id?: MetricId): Promise<MetricPage | undefined> {
  const scope = scopeOf(query);
  const name = await nameOf(scope);
  if (name === undefined) return undefined;
  const db = prisma();
  const now = await readNow(db);
  const since = new Date(now.getTime() - query.days * dayMs);
  const span: store.Span = { scope, since, dueBefore: new Date(now.getTime() - outcomeDueMinutes * 60_000) };
  const { counts, days } = await countSpan(span, now);
  const window: Window = { scope, days: query.days, since: since.toISOString() };
  return {
    scope: { type: scope.type, id: scopeId(scope), name },
    days: query.days,
    since: window.since,
    now: now.toISOString(),
    metrics: id === undefined ? readAllMetrics(window, counts, days) : [readMetric(id, window, counts, days)],
    rows: await rowsOf(id, span),
  };
}

/** countSpan counts what metrics are made of, over a span and for each of its days. */
export async function countSpan(span: store.Span, now: Date): Promise<{ counts: MetricCounts; days: DayCounts[] }> {
  const db = prisma();
  const [decisions, releases, bypassed, requests, stops] = await Promise.all([
    store.countDecisions(db, span),
    store.countReleases(db, span),
    store.countBypassed(db, span),
    store.countRequests(db, span),
    store.countStops(db, span),
  ]);
  const counted = { decisions, releases, bypassed, requests, stops };
  return {
    counts: store.wholeOf(counted, null),
    days: daysOf(span.since, now).map((day) => ({ day, counts: store.wholeOf(counted, day) })),
  };
}

async function nameOf(scope: Scope): Promise<string | undefined> {
  if (scope.type === 'organisation') return 'The organisation';
  const names = scope.type === 'agent' ? await readAgentNames([scope.id]) : await readProcessNames([scope.id]);
  return names.get(scope.id)?.name;
}

async function rowsOf(id: MetricId | undefined, span: store.Span): Promise<MetricRow[]> {
  if (id === 'human-intervention-rate')
    return (await store.listReleases(prisma(), span, metricRowsMax)).map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      text: 'A halted workflow was released',
      href: `/ledger/${row.id}`,
    }));
  if (id === 'time-to-kill')
    return (await store.listStops(prisma(), span, metricRowsMax)).map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      text: `${row.drill ? 'A drill' : 'A stop'}: ${timeOf(row)}`,
      href: `/containment/${row.id}`,
    }));
  if (id === 'audit-completeness')
    return (await store.listBypassed(prisma(), span, metricRowsMax)).map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      text: 'A tool reported calls past the gate',
      href: `/ledger/${row.id}`,
    }));
  if (id === 'implausibly-fast-approvals')
    return (await store.listFast(prisma(), span, metricRowsMax)).map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      text: `Approved ${row.seconds.toFixed(1)} s after it was first seen`,
      href: `/approvals/${row.id}`,
    }));
  return [];
}

function timeOf({ seconds, pressed, detected, silent }: store.StopRow): string {
  if (silent > 0) return `${silent === 1 ? 'a gateway' : `${silent} gateways`} stayed silent`;
  if (seconds === null || pressed === null) return 'no gateway was alive';
  return `${detected ? `${seconds.toFixed(1)} s from when it was first known, ` : ''}${pressed.toFixed(2)} s from the press`;
}
