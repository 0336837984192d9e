import type { Metadata } from 'next';
import Link from 'next/link';
import { ProcessHistory } from '@/components/raci/history';
import { link } from '@/components/ui/link';
import { requirePermission } from '@/lib/http/actor';
import { historyMax, readHistory } from '@/lib/raci/reading';
import { viewOf } from '../view';

export const metadata: Metadata = { title: 'History of a process' };

export default async function ProcessHistoryPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePermission('ledger:read');
  const view = await viewOf((await params).id);
  const events = await readHistory(view.process.id);
  return (
    <div className="max-w-[880px]">
      <p className="mb-2 text-ink-2">
        The last {historyMax} changes of this process and its matrix.{' '}
        <Link href={`/ledger?show=all&process=${view.process.id}`} className={link}>
          Everything about it in the ledger
        </Link>
      </p>
      {events.length === 0 ? <p>Nothing was changed since it was recorded.</p> : <ProcessHistory events={events} view={view} />}
    </div>
  );
}
