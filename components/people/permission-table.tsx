import { Fragment } from 'react';
import { roles, type Role } from '@/lib/people/schema';
import { permissionGroups, permissionWords, reachOf, roleNames, type Reach } from '@/lib/people/wording';

const marks: Record<Reach, string> = { all: '●', own: '◐', none: '' };
const said: Record<Reach, string> = { all: 'yes', own: 'in processes they own', none: 'no' };

/** PermissionTable is the whole table of roles and permissions, as the server asks it. */
export function PermissionTable({ own }: { own: readonly Role[] }) {
  return (
    <>
      <p className="mb-2 text-sm text-ink-2">
        <span aria-hidden>●</span> may · <span aria-hidden>◐</span> may, in processes they own · empty: may not. Your roles are underlined.
      </p>
      {/* Where it is wider than the page it scrolls inside, with what only screen readers see; the first column stays. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Roles and permissions">
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">What each role may do</caption>
          <thead>
            <tr className="border-b border-line text-left align-bottom text-xs text-ink-2">
              <th scope="col" className="sticky left-0 z-10 min-w-32 bg-ground py-2 pr-3 font-medium md:min-w-44">
                May
              </th>
              {roles.map((role) => (
                <th key={role} scope="col" className="py-2 text-center font-medium max-md:[writing-mode:vertical-rl] md:px-2">
                  <span className={own.includes(role) ? 'text-ink underline decoration-accent decoration-2 underline-offset-4' : ''}>
                    {roleNames[role]}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {permissionGroups.map(({ title, permissions }) => (
              <Fragment key={title}>
                <tr>
                  <th scope="colgroup" colSpan={roles.length + 1} className="pt-4 pb-1 text-left text-xs font-medium text-ink-2">
                    {title}
                  </th>
                </tr>
                {permissions.map((permission) => (
                  <tr key={permission} className="h-8 border-b border-line" data-permission={permission}>
                    <th scope="row" className="sticky left-0 z-10 bg-ground py-1 pr-3 text-left font-normal">
                      {permissionWords[permission]}
                    </th>
                    {roles.map((role) => {
                      const reach = reachOf({ roles: [role] }, permission);
                      return (
                        <td key={role} className="text-center md:px-2" data-reach={reach}>
                          <span aria-hidden>{marks[reach]}</span>
                          <span className="sr-only">{said[reach]}</span>
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
