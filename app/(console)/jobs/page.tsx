import type { Metadata } from 'next';
import { Jobs } from '@/components/jobs/list';
import { requirePermission } from '@/lib/http/actor';
import { readJobs } from '@/lib/jobs/reading';

export const metadata: Metadata = { title: 'Jobs' };

export default async function JobsPage() {
  await requirePermission('jobs:manage');
  return <Jobs initial={await readJobs()} />;
}
