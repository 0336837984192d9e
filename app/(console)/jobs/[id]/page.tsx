import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Runs } from '@/components/jobs/runs';
import { requirePermission } from '@/lib/http/actor';
import { readJob, readRuns } from '@/lib/jobs/reading';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ failed?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Job ${(await params).id}` };
}

export default async function JobPage({ params, searchParams }: Props) {
  await requirePermission('jobs:manage');
  const { id } = await params;
  const failedOnly = (await searchParams).failed === '1';
  const [job, runs] = await Promise.all([readJob(id), readRuns(id, failedOnly ? { failed: '1' } : {})]);
  if (!job || !runs) notFound();
  return <Runs key={`${id} ${failedOnly}`} job={job} initial={runs} failedOnly={failedOnly} />;
}
