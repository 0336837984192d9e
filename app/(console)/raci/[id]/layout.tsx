import type { ReactNode } from 'react';
import Link from 'next/link';
import { Print } from '@/components/ui/print';
import { ProcessTabs } from '@/components/raci/tabs';
import { buttonLook } from '@/components/ui/button';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { viewOf } from './view';

type Props = { params: Promise<{ id: string }>; children: ReactNode };

export default async function ProcessLayout({ params, children }: Props) {
  const person = await requirePermission('raci:read');
  const { process, people, agents } = await viewOf((await params).id);
  const owner = people.find(({ id }) => id === process.ownerId);
  return (
    <Page
      title={process.name}
      up={{ href: '/raci', label: 'Processes' }}
      intro={
        <>
          {owner?.active ? (
            <span>{owner.name} owns it.</span>
          ) : (
            <span className="text-danger">Its owner, {owner?.name ?? process.ownerId}, is no longer here.</span>
          )}{' '}
          {process.description}
        </>
      }
      actions={
        <div className="flex gap-2 print:hidden">
          {may(person, 'processes:manage') ? (
            <Link href={`/raci/${process.id}/edit`} className={buttonLook()}>
              Edit the process
            </Link>
          ) : null}
          <Print />
        </div>
      }
    >
      <ProcessTabs id={process.id} agents={agents.length} />
      {children}
    </Page>
  );
}
