import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { requireActor } from '@/lib/http/actor';
import { readHead } from '@/lib/ledger/reading';
import { permissionsOf } from '@/lib/people/permissions';

const roleWords: Record<string, string> = { process_owner: 'process owner' };

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await requireActor();
  const head = await readHead();
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
      {children}
    </Shell>
  );
}
