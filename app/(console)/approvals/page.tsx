import type { Metadata } from 'next';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Approvals' };

export default async function ApprovalsPage() {
  await requirePermission('approvals:read');
  return <p className="grid h-full place-items-center p-6 text-ink-2 max-lg:hidden">Choose a request to see all of it.</p>;
}
