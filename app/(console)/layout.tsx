import type { ReactNode } from 'react';
import { SampleFrame } from '@/components/organisation/sample';
import { Shell } from '@/components/shell/shell';
import { requireActor } from '@/lib/http/actor';
import { viewerMayLeave } from '@/lib/http/organisation';
import { readHead } from '@/lib/ledger/reading';
import { readOrganisation } from '@/lib/organisation/reading';
import { permissionsOf } from '@/lib/people/permissions';

const roleWords: Record<string, string> = { process_owner: 'process owner' };

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await requireActor();
  const [head, organisation] = await Promise.all([readHead(), readOrganisation()]);
  return (
    <Shell
      person={{
        name: person.name,
        email: person.email,
        roles: person.roles.map((role) => roleWords[role] ?? role).join(', '),
        permissions: permissionsOf(person),
      }}
      head={head}
    >
      <SampleFrame organisation={organisation} mayLeave={viewerMayLeave(person)}>
        {children}
      </SampleFrame>
    </Shell>
  );
}
