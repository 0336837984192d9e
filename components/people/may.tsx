import { permissionGroups, reachOf, mayWords } from '@/lib/people/wording';
import type { Role } from '@/lib/people/schema';

/** May says in words what these roles let a person do. */
export function May({ roles }: { roles: readonly Role[] }) {
  const groups = permissionGroups
    .map(({ title, permissions }) => ({
      title,
      words: permissions.flatMap((permission) => {
        const reach = reachOf({ roles }, permission);
        return reach === 'none' ? [] : [mayWords(permission, reach)];
      }),
    }))
    .filter(({ words }) => words.length > 0);
  return (
    <dl className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {groups.map(({ title, words }) => (
        <div key={title}>
          <dt className="text-sm text-ink-2">{title}</dt>
          <dd>
            <ul>
              {words.map((word) => (
                <li key={word} className="ml-4 list-disc">
                  {word}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}
