import type { ChangeStatus } from '@/lib/lifecycle/schema/change-requests';

/** How a request stands, in a list. */
export const changeStatusWords: Record<ChangeStatus, string> = {
  open: 'Waits',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
};
