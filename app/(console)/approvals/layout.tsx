import type { ReactNode } from 'react';
import { ApprovalList } from '@/components/approvals/list';
import { listApprovals } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';

export default async function ApprovalsLayout({ children }: { children: ReactNode }) {
  const person = await requirePermission('approvals:read');
  const initial = await listApprovals(person, { tab: 'waiting' });
  return (
    <div className="mx-auto grid h-full max-w-[1440px] grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(320px,5fr)_minmax(0,7fr)] lg:grid-rows-[minmax(0,1fr)]">
      <ApprovalList initial={initial} />
      <div className="min-h-0 min-w-0 lg:overflow-y-auto">{children}</div>
    </div>
  );
}
