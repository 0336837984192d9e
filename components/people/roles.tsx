'use client';

import Link from 'next/link';
import { Tick } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { Role, roles as allRoles } from '@/lib/people/schema';
import { consequencesOf, roleDuties, roleNames, type Consequence } from '@/lib/people/wording';

type Props = { before: readonly Role[]; value: readonly Role[]; onChange: (roles: Role[]) => void; error?: string | undefined };

/** RolesField ticks roles and says, in words of the permission table, what the choice gives and takes away. */
export function RolesField({ before, value, onChange, error }: Props) {
  const { gains, loses } = consequencesOf(before, value);
  const toggle = (role: Role, on: boolean) => onChange(allRoles.filter((each) => (each === role ? on : value.includes(each))));
  return (
    <fieldset aria-describedby={error ? 'roles-error' : undefined}>
      <legend className="mb-1.5 text-sm font-medium">Roles</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {allRoles.map((role) => (
          <Tick
            key={role}
            label={roleNames[role]}
            hint={roleDuties[role]}
            checked={value.includes(role)}
            onChange={(event) => toggle(role, event.target.checked)}
          />
        ))}
      </div>
      {error ? (
        <p id="roles-error" className="mt-2 text-sm text-danger" data-field-error>
          {error}
        </p>
      ) : null}
      {gains.length + loses.length > 0 ? (
        <div className="mt-3 flex flex-col gap-2 text-sm" aria-live="polite" data-consequences>
          <Words title={before.length === 0 ? 'May then' : 'May then also'} items={gains} />
          <Words title="May then no more" items={loses} />
          <p className="text-ink-2">
            It counts from the next click on.{' '}
            <Link href="/people/roles" className={link}>
              All roles side by side
            </Link>
          </p>
        </div>
      ) : null}
    </fieldset>
  );
}

function Words({ title, items }: { title: string; items: readonly Consequence[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="mt-0.5 grid gap-x-6 pl-4 sm:grid-cols-2">
        {items.map(({ permission, words }) => (
          <li key={permission} className="list-disc">
            {words}
          </li>
        ))}
      </ul>
    </div>
  );
}
