import type { Metadata } from 'next';
import { Teams } from '@/components/people/teams';
import { requirePermission } from '@/lib/http/actor';
import { listAdmins, viewerOf } from '@/lib/http/people';
import { listTeams, listUsers } from '@/lib/people/service';

export const metadata: Metadata = { title: 'Teams' };

export default async function TeamsPage() {
  const viewer = viewerOf(await requirePermission('people:read'));
  const [teams, users, admins] = await Promise.all([listTeams(), listUsers(), listAdmins()]);
  const people = users
    .filter(({ status }) => status === 'active')
    .map(({ id, name, email }) => ({ id, name, email }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return <Teams initial={teams} people={viewer.manages ? people : []} viewer={viewer} admins={admins} />;
}
