import { templateCells } from '@/lib/raci/domain';
import { FindingSettings, type Snapshot, type SnapshotAgent } from '../schema';

/** The instant that test snapshots were taken at. */
export const at = new Date('2027-03-31T12:00:00Z');
/** daysAgo is an instant so many days before the snapshot. */
export const daysAgo = (days: number): Date => new Date(at.getTime() - days * 24 * 3_600_000);
/** dayAgo is the same as a day of the calendar. */
export const dayAgo = (days: number): string => daysAgo(days).toISOString().slice(0, 10);

/** An agent with nothing wrong with it: active since half a year, heard an hour ago. */
export const agent = (change: Partial<SnapshotAgent> = {}): SnapshotAgent => ({
  id: 'agt_invoices',
  name: 'Invoice agent',
  status: 'active',
  processId: 'prc_payables',
  ownerId: 'usr_ana',
  sponsorId: 'usr_liam',
  technicalOwnerId: null,
  editors: [],
  endsOn: null,
  nextReviewOn: null,
  activatedAt: daysAgo(180),
  lastSeenAt: daysAgo(0),
  model: { vendor: 'Acme', name: 'atlas-4', version: '2026-11' },
  ...change,
});

/** A small organisation in which no detector finds anything: Ana and Liam are here and sign, Gus has left. */
export const quiet = (change: Partial<Snapshot> = {}): Snapshot => ({
  at,
  settings: FindingSettings.parse({}),
  agents: [agent()],
  people: [
    { id: 'usr_ana', personId: 'per_ana', name: 'Ana', active: true, signs: true },
    { id: 'usr_liam', personId: 'per_liam', name: 'Liam', active: true, signs: true },
    { id: 'usr_gus', personId: 'per_gus', name: 'Gus', active: false, signs: true },
  ],
  processes: [{ id: 'prc_payables', ownerId: 'usr_ana' }],
  cells: templateCells('usr_ana').flatMap((cell) => {
    const named = { ...cell, processId: 'prc_payables' };
    return cell.role === 'accountable' ? [named, { ...named, role: 'responsible' as const }] : [];
  }),
  teams: [],
  credentials: [{ id: 'crd_one', agentId: 'agt_invoices', createdAt: daysAgo(10), expiresAt: daysAgo(-80), revokedAt: null }],
  permissions: [{ agentId: 'agt_invoices', action: 'invoices.read', status: 'approved', grantedAt: daysAgo(180), used: true }],
  observations: [],
  halts: [],
  missing: [],
  policies: [{ id: 'pol_payables', version: 3, processId: 'prc_payables', publishedAt: daysAgo(100), reviewedAt: null }],
  orphans: [],
  ...change,
});
