import { may } from '@/lib/people/permissions';
import type { Tx } from '@/lib/people/service';
import type { Snapshot } from '../schema';
import * as store from '../store/snapshot';

/** loadSnapshot reads all that detectors look at, in one transaction that sees one state of the database. */
export async function loadSnapshot(tx: Tx): Promise<Snapshot> {
  const { at, settings } = await store.findNow(tx);
  return {
    at,
    settings,
    agents: await store.listAgents(tx),
    people: (await store.listPeople(tx)).map(({ roles, ...person }) => ({ ...person, signs: may({ roles }, 'approvals:decide') })),
    processes: await store.listProcesses(tx),
    cells: await store.listCells(tx),
    teams: await store.listTeams(tx),
    credentials: await store.listCredentials(tx),
    permissions: await store.listPermissions(tx, settings.unusedDays),
    observations: await store.listObservations(tx, settings.sightingDays),
    halts: await store.listHalts(tx, settings.driftDays),
    missing: await store.listMissing(tx, settings.outcomeDays),
    policies: await store.listPolicies(tx),
    orphans: await store.listOrphans(tx),
  };
}
