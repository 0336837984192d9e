import type { Metadata } from 'next';
import { Detectors } from '@/components/findings/detectors';
import { readDetectors, readSettings } from '@/lib/findings/reading';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';

export const metadata: Metadata = { title: 'What is looked for' };

export default async function DetectorsPage() {
  const person = await requirePermission('findings:read');
  const [detectors, settings] = await Promise.all([readDetectors(person), readSettings()]);
  return <Detectors detectors={detectors} settings={settings} mayChange={may(person, 'organisation:manage')} />;
}
