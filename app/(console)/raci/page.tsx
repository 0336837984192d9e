import type { Metadata } from 'next';
import Link from 'next/link';
import { ProcessList } from '@/components/raci/list';
import { buttonLook } from '@/components/ui/button';
import { Empty, Page } from '@/components/ui/page';
import { readWaitingByProcess } from '@/lib/approvals/reading';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { listProcessItems } from '@/lib/raci/reading';

export const metadata: Metadata = { title: 'Processes' };

export default async function ProcessesPage() {
  const person = await requirePermission('raci:read');
  const [processes, waiting] = await Promise.all([listProcessItems(), readWaitingByProcess()]);
  const add = may(person, 'processes:manage') ? (
    <Link href="/raci/new" className={buttonLook({ tone: 'primary' })}>
      Add a process
    </Link>
  ) : null;
  return (
    <Page
      title="Processes"
      intro="Each has one owner and a matrix of who is Accountable, Responsible, Consulted and Informed. What an agent may not do alone is signed by whom its process names."
      actions={add}
    >
      {processes.length === 0 ? (
        <Empty title="No process yet" action={add}>
          An agent works in a business process, whose owner answers for what it does. An administrator adds the first one.
        </Empty>
      ) : (
        <ProcessList processes={processes.map((process) => ({ ...process, waiting: waiting.get(process.id) ?? 0 }))} />
      )}
    </Page>
  );
}
