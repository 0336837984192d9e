import type { Metadata } from 'next';
import { Detectors } from '@/components/findings/detectors';
import { readDetectors } from '@/lib/findings/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'What is looked for' };

export default async function DetectorsPage() {
  const person = await requirePermission('findings:read');
  return <Detectors detectors={await readDetectors(person)} />;
}
