import type { ReactNode } from 'react';
import { LockedBanner } from '@/components/containment/locked';
import { SampleFrame } from '@/components/organisation/sample';
import { Shell } from '@/components/shell/shell';
import { readLocks } from '@/lib/containment/reading';
import { requireActor } from '@/lib/http/actor';
import { viewerMayLeave } from '@/lib/http/organisation';
import { readHead } from '@/lib/ledger/reading';
import { readOrganisation } from '@/lib/organisation/reading';
import { permissionsOf } from '@/lib/people/permissions';

const roleWords: Record<string, string> = { process_owner: 'process owner' };

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await requireActor();
  const [head, organisation, locks] = await Promise.all([readHead(), readOrganisation(), readLocks(person)]);
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
      <LockedBanner initial={locks} />
      <SampleFrame organisation={organisation} mayLeave={viewerMayLeave(person)}>
        {children}
      </SampleFrame>
    </Shell>
  );
}
