import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActivityView } from '@/components/ledger/activity';
import { readActivity } from '@/lib/check/reading';
import { ActivityDays } from '@/lib/check/reading/schema';
import { requirePermission } from '@/lib/http/actor';
import { readProcessNames } from '@/lib/registry/reading';

export const metadata: Metadata = { title: 'What a process’s agents did' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ days?: string | string[] }> };

export default async function ProcessActivityPage({ params, searchParams }: Props) {
  const person = await requirePermission('raci:read');
  const id = decodeURIComponent((await params).id);
  if (!(await readProcessNames([id])).has(id)) notFound();
  const activity = await readActivity(person, { process: id, days: ActivityDays.parse((await searchParams).days) });
  const address = `/raci/${encodeURIComponent(id)}/activity`;
  return <ActivityView activity={activity} scope={{ process: id }} who="the agents of this process" address={address} />;
}
