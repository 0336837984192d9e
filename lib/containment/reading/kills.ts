import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { whyNotLift } from '../domain';
import {
  killsPageMax,
  targetsMax,
  wholeOrganisation,
  type KillPage,
  type KillQuery,
  type KillScope,
  type KillSwitch,
  type KillView,
  type TargetList,
} from '../schema';
import { killReach } from '../service';
import { countKills, findKills, findKillsOf, listSubjectNames, searchTargets } from '../store/reading';
import { viewOfReach } from './reach';

/** What the whole organisation is called as a target. */
const everything = 'Everything';

/** readKills gives stops newest first, with how far each came and whether this person may lift it. */
export async function readKills(person: User, query: KillQuery): Promise<KillPage> {
  const [found, inForce] = await Promise.all([
    findKills(prisma(), { inForce: query.show === 'in_force', before: query.before, limit: killsPageMax + 1 }),
    countKills(prisma()),
  ]);
  const rows = found.slice(0, killsPageMax);
  return { kills: await viewsOf(person, rows), next: found.length > killsPageMax ? (rows.at(-1)?.id ?? null) : null, inForce };
}

/** readKill gives one stop; undefined when there is none. */
export async function readKill(person: User, id: string): Promise<KillView | undefined> {
  return (await viewsOf(person, await findKills(prisma(), { inForce: false, id, limit: 1 })))[0];
}

/** readStopsOf gives the stops in force that hold an agent, or one of the actions it may ask for. */
export const readStopsOf = async (person: User, agentId: string): Promise<KillView[]> =>
  viewsOf(person, await findKillsOf(prisma(), agentId));

async function viewsOf(person: User, rows: readonly KillSwitch[]): Promise<KillView[]> {
  if (rows.length === 0) return [];
  const [names, people] = await Promise.all([
    listSubjectNames(
      prisma(),
      rows.map(({ target }) => target),
    ),
    listUsers(),
  ]);
  const userOf = new Map(people.map((user) => [user.id, user]));
  const nameOf = (id: string) => ({ id, name: userOf.get(id)?.name ?? id });
  const lifterOf = (id: string) => (id.startsWith('drl_') ? { id, name: 'the kill drill itself' } : nameOf(id));
  // What a person wrote is shown to those who read arguments, as on the event itself.
  const words = (text: string | null) => (may(person, 'arguments:read') ? text : null);
  return Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      scope: row.scope,
      target: { id: row.target, name: row.target === wholeOrganisation ? everything : (names.get(row.target) ?? row.target) },
      reason: words(row.reason),
      setBy: nameOf(row.setBy),
      setAt: row.setAt.toISOString(),
      source: row.sourceType && row.detectedAt ? { type: row.sourceType, id: row.sourceId, at: row.detectedAt.toISOString() } : null,
      drill: row.drillId,
      lifted:
        row.liftedAt && row.liftedBy ? { at: row.liftedAt.toISOString(), by: lifterOf(row.liftedBy), reason: words(row.liftReason) } : null,
      reach: viewOfReach(await killReach(row)),
      whyNotLift: whyNotLift(row, userOf.get(row.setBy), person) ?? null,
    })),
  );
}

/** readTargets finds what can be stopped, by name or id, among what this person may stop: a process owner's own processes and their agents only. */
export async function readTargets(ownedBy: string | undefined, scope: KillScope, search: string): Promise<TargetList> {
  if (scope === 'organisation') return { targets: ownedBy === undefined ? [{ id: wholeOrganisation, name: everything }] : [] };
  if (ownedBy !== undefined && scope !== 'agent' && scope !== 'process') return { targets: [] };
  return { targets: await searchTargets(prisma(), scope, search, ownedBy, targetsMax) };
}
