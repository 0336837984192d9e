import type { EntryFilter } from '@/lib/ledger/reading/schema';
import { ledgerQuery } from './address';

/** Whose activity a view is of. */
export type ActivityScope = { agent: string } | { process: string };

/** activityLinks makes the addresses of the rows behind each number of one view. */
export function activityLinks(scope: ActivityScope, since: string) {
  const approvals = (more: Record<string, string>) =>
    `/approvals?${new URLSearchParams({ ...more, ...('agent' in scope ? { agent: scope.agent } : { process: scope.process }), from: since }).toString()}`;
  return {
    missing: `/outcomes?${new URLSearchParams({ range: 'month', ...scope }).toString()}`,
    ledger: (filter: Partial<EntryFilter>) => `/ledger${ledgerQuery({ ...filter, ...scope, from: since })}`,
    decided: (more: { action?: string; outcome?: 'approved' | 'rejected' | 'expired' | 'cancelled' } = {}) =>
      approvals({ tab: 'decided', ...more }),
    waiting: (more: { action?: string } = {}) => approvals({ tab: 'waiting', ...more }),
  };
}
export type ActivityLinks = ReturnType<typeof activityLinks>;
