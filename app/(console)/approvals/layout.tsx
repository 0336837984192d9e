import type { ReactNode } from 'react';
import { Inbox } from '@/components/approvals/list';
import { listApprovals, listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';

export default async function ApprovalsLayout({ children }: { children: ReactNode }) {
  const person = await requirePermission('approvals:read');
  const signs = may(person, 'approvals:decide');
  const home = signs ? 'mine' : 'waiting';
  const [initial, { agents, processes }] = await Promise.all([listApprovals(person, { tab: home }), listOptions()]);
  return (
    <div className="mx-auto grid h-full max-w-[1440px] grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(320px,5fr)_minmax(0,7fr)] lg:grid-rows-[minmax(0,1fr)]">
      <Inbox initial={initial} home={home} signs={signs} releases={may(person, 'workflow:release')} choices={{ agents, processes }} />
      <div className="min-h-0 min-w-0 lg:overflow-y-auto">{children}</div>
    </div>
  );
}
