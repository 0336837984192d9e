import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ActivityView } from '@/components/ledger/activity';
import { Verbatim } from '@/components/text/verbatim';
import { Page } from '@/components/ui/page';
import { readActivity } from '@/lib/check/reading';
import { ActivityDays } from '@/lib/check/reading/schema';
import { requirePermission } from '@/lib/http/actor';
import { readProcessNames } from '@/lib/registry/reading';

export const metadata: Metadata = { title: 'What a process’s agents did' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ days?: string | string[] }> };

export default async function ProcessActivityPage({ params, searchParams }: Props) {
  const person = await requirePermission('raci:read');
  const id = decodeURIComponent((await params).id);
  const process = (await readProcessNames([id])).get(id);
  if (!process) notFound();
  const activity = await readActivity(person, { process: id, days: ActivityDays.parse((await searchParams).days) });
  return (
    <Page
      up={{ href: `/raci/${encodeURIComponent(id)}`, label: process.name }}
      title={
        <>
          What the agents of <Verbatim text={process.name} /> did
        </>
      }
      actions={
        <Link href={`/ledger?process=${encodeURIComponent(id)}`} className="text-sm text-accent underline-offset-2 hover:underline">
          Every decision, in the ledger
        </Link>
      }
    >
      <ActivityView
        activity={activity}
        scope={{ process: id }}
        who="the agents of this process"
        address={`/raci/${encodeURIComponent(id)}/activity`}
      />
    </Page>
  );
}
