import type { Metadata } from 'next';
import { PermissionTable } from '@/components/people/permission-table';
import { PeoplePlaces } from '@/components/people/places';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Roles' };

export default async function RolesPage() {
  const person = await requirePermission('people:read');
  return (
    <Page
      title="Roles"
      intro="A person may hold several roles. Duties are separated between persons: nobody signs what they asked for or built, under whichever of their accounts, and no role reaches an approval that RACI does not route to them."
    >
      <PeoplePlaces here="/people/roles" />
      <PermissionTable own={person.roles} />
    </Page>
  );
}
