import type { Metadata } from 'next';
import { Systems } from '@/components/registry/systems/list';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { listSystemRows } from '@/lib/registry/reading/actions';

export const metadata: Metadata = { title: 'Systems' };

export default async function SystemsPage() {
  const person = await requirePermission('agents:read');
  return <Systems systems={await listSystemRows()} mayManage={may(person, 'systems:manage')} />;
}
