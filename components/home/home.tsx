import Link from 'next/link';
import type { ReactNode } from 'react';
import { Day } from '@/components/text/day';
import { Ago, Left } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { quietWords, sectionWords, splitSections } from '@/lib/home/domain';
import type { Matter, Section } from '@/lib/home/schema';
import type { Permission } from '@/lib/people/schema';

type Props = {
  name: string;
  permissions: readonly Permission[];
  sections: readonly Section[];
  /** How the organisation stands, in a line. */
  standing: ReactNode;
};

/** Home says what needs whoever looks today, the most pressing first, and where nothing does. */
export function Home({ name, permissions, sections, standing }: Props) {
  const { waiting, quiet } = splitSections(sections);
  const nothing = quietWords(quiet);
  return (
    <Page
      narrow
      title={waiting.length === 0 ? `Nothing needs you now, ${name}` : 'What needs you today'}
      intro={waiting.length === 0 && sections.length === 0 ? 'You may read everything here; deciding is for others.' : undefined}
    >
      <div className="flex flex-col gap-6">
        {waiting.map((section) => (
          <Waiting key={section.id} section={section} />
        ))}
        {waiting.length === 0 ? <Doors permissions={permissions} /> : null}
        {nothing === null ? null : (
          <p className="max-w-[72ch] text-sm text-ink-2" data-quiet>
            {nothing}
          </p>
        )}
        {standing === null ? null : <div className="border-t border-line pt-3">{standing}</div>}
      </div>
    </Page>
  );
}

type Door = { href: string; name: string; what: string; permission?: Permission };

/** Where there is something to begin, by what one may do; then where everybody may look. */
const doors: readonly Door[] = [
  { href: '/people', name: 'People', what: 'Add the people and give them their roles.', permission: 'people:manage' },
  { href: '/raci', name: 'Processes', what: 'Record a process, its owner, and who does what in it.', permission: 'processes:manage' },
  {
    href: '/registry/systems',
    name: 'Systems',
    what: 'Record what agents act on, and what can be done in it.',
    permission: 'systems:manage',
  },
  { href: '/registry/agents', name: 'Agents', what: 'Every agent there is: what it is for, who answers for it, what it may do alone.' },
  { href: '/ledger', name: 'Ledger', what: 'Every decision of the gateway, with its reasons and its proof.' },
  {
    href: '/maturity',
    name: 'Maturity',
    what: 'How far the organisation has come, what is missing for the next stage, and who can close it.',
  },
];

/** Doors are where to go when nothing waits. */
function Doors({ permissions }: Pick<Props, 'permissions'>) {
  return (
    <ul aria-label="Where to go" className="divide-y divide-line border-y border-line">
      {doors
        .filter(({ permission }) => permission === undefined || permissions.includes(permission))
        .map(({ href, name, what }) => (
          <li key={href} className="py-2">
            <Link href={href} className={link}>
              {name}
            </Link>
            <span className="block text-sm text-ink-2">{what}</span>
          </li>
        ))}
    </ul>
  );
}

function Waiting({ section }: { section: Section }) {
  const { href, title, none } = sectionWords[section.id];
  const more = section.total - section.matters.length;
  return (
    <section aria-labelledby={`home-${section.id}`} data-section={section.id} className="border-t border-line pt-3">
      <h2 id={`home-${section.id}`} className="text-base">
        <Link href={href} className="hover:underline">
          {section.unread ? `What there is of ${none} cannot be read now` : title(section.total)}
        </Link>
      </h2>
      {section.unread ? <p className="mt-1 text-sm text-ink-2">Load the page again; nothing was lost.</p> : null}
      <ul className="mt-1 flex flex-col divide-y divide-line">
        {section.matters.map((matter) => (
          <li key={matter.id} className="grid grid-cols-[minmax(0,1fr)_max-content] items-baseline gap-x-4 py-1.5">
            <span className="min-w-0">
              <Link href={matter.href} className={link}>
                {matter.hostile ? <Verbatim text={matter.title} /> : matter.title}
              </Link>
              {matter.note === null ? null : <span className="block text-sm text-ink-2">{matter.note}</span>}
            </span>
            <When when={matter.when} />
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="mt-1 text-sm">
          <Link href={href} className={link}>
            {more} more
          </Link>
        </p>
      ) : null}
    </section>
  );
}

function When({ when }: { when: Matter['when'] }) {
  if (when === null) return <span />;
  if (when.kind === 'due')
    return (
      <span className="tabular text-sm text-ink-2">
        due <Day on={when.day} />
      </span>
    );
  return (
    <span className="tabular text-sm text-ink-2">
      {when.kind === 'until' ? (
        <>
          <Left at={when.at} /> left
        </>
      ) : (
        <Ago at={when.at} />
      )}
    </span>
  );
}
