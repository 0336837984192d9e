import { z } from 'zod';
import { prisma } from '@/lib/platform/db/prisma';
import { CredentialState, InventoryPage, facetNames, type FacetValue, type InventoryQuery } from './schema';
import { countInventory, listInventory, type FacetRecord, type InventoryRecord } from './store';

/** A secret that ends within this is said to. */
const endingSoonMs = 14 * 24 * 3600 * 1000;

const Cursor = z.object({ key: z.string().max(400), id: z.string().max(80) });

const writeCursor = ({ key, id }: { key: string; id: string }): string => Buffer.from(JSON.stringify({ key, id })).toString('base64url');

/** A cursor that is none starts from the beginning: addresses are typed, and cut off. */
function readCursor(text: string | undefined): z.infer<typeof Cursor> | undefined {
  if (text === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

function credentialState({ live_until, credentials }: InventoryRecord, now: Date): CredentialState {
  if (live_until === null) return credentials === 0 ? 'none' : 'over';
  return live_until.getTime() - now.getTime() < endingSoonMs ? 'ending' : 'live';
}

/** readInventory answers one page of the agents that match, and how many there would be for each value of each facet. `now` is this server's clock. */
export async function readInventory(query: InventoryQuery, now: Date = new Date()): Promise<InventoryPage> {
  const [found, counted] = await Promise.all([listInventory(prisma(), query, readCursor(query.after)), countInventory(prisma(), query)]);
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const named = await namesOf(counted);
  const countOf = (facet: FacetRecord['facet']): number => counted.find((row) => row.facet === facet)?.count ?? 0;
  return InventoryPage.parse({
    rows: page.map((row) => ({
      id: row.id,
      name: row.name,
      status: row.status,
      process: { id: row.process_id, name: row.process_name },
      owner: { id: row.owner_id, name: row.owner_name },
      environment: row.environment,
      riskCategory: row.risk_category,
      autonomyFloor: row.autonomy_floor,
      nextReviewOn: row.next_review_on,
      lastSeenAt: row.last_seen_at?.toISOString() ?? null,
      credential: credentialState(row, now),
    })),
    next: found.length > query.limit && last ? writeCursor(last) : null,
    total: countOf('total'),
    all: countOf('all'),
    facets: Object.fromEntries(
      facetNames.map((name) => [
        name,
        valuesOf(
          counted.filter(({ facet }) => facet === name),
          (value) => named.get(value) ?? value,
        ),
      ]),
    ),
  });
}

function valuesOf(rows: readonly FacetRecord[], labelOf: (value: string) => string): FacetValue[] {
  return rows
    .map(({ value, count }) => ({ value, label: labelOf(value), count }))
    .sort((left, right) => right.count - left.count || (left.label < right.label ? -1 : 1));
}

/** Names of the processes and people that the facets list. */
async function namesOf(rows: readonly FacetRecord[]): Promise<Map<string, string>> {
  const ids = (facet: 'process' | 'owner') => rows.filter((row) => row.facet === facet).map(({ value }) => value);
  const [processes, people] = await Promise.all([
    prisma().process.findMany({ where: { id: { in: ids('process') } }, select: { id: true, name: true } }),
    prisma().user.findMany({ where: { id: { in: ids('owner') } }, select: { id: true, name: true } }),
  ]);
  return new Map([...processes, ...people].map(({ id, name }) => [id, name]));
}
