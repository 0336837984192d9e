'use client';

import {
  Bot,
  BookOpenText,
  ClipboardCheck,
  Ellipsis,
  FilePen,
  House,
  Inbox,
  Keyboard,
  ListChecks,
  LogOut,
  OctagonX,
  Scale,
  ScanSearch,
  Timer,
  TrendingUp,
  UserRound,
  UserRoundCog,
  Users,
  Workflow,
  Zap,
  type LucideIcon,
} from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { StopButton } from '@/components/containment/stop';
import { KeyProvider, useKeyHelp } from '@/components/keys/provider';
import { LiveDot } from '@/components/live/dot';
import { LiveProvider, useLive } from '@/components/live/provider';
import { QueryProvider } from '@/components/live/query';
import { classNames } from '@/components/ui/class-names';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/menu';
import type { Head } from '@/lib/ledger/reading/schema';
import type { Permission } from '@/lib/people/schema';
import { Logo } from './logo';

type Place = {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Whether the number of open requests stands beside it. */
  counts?: true;
  /** Whether it has a place in the bar of a phone. */
  phone?: true;
  /** Whether a rule stands above it: here begins another kind of work. */
  begins?: true;
  /** Who sees it, when not everybody does. */
  permission?: Permission;
};

/** Where one can go: what waits and what happened, what may act, who answers for it, who is here. */
const allPlaces: readonly Place[] = [
  { href: '/home', label: 'Home', icon: House, phone: true },
  { href: '/approvals', label: 'Approvals', icon: Inbox, counts: true, phone: true },
  { href: '/ledger', label: 'Ledger', icon: BookOpenText },
  { href: '/outcomes', label: 'Outcomes', icon: ClipboardCheck },
  { href: '/registry/agents', label: 'Agents', icon: Bot, phone: true, begins: true },
  { href: '/registry/actions', label: 'Actions', icon: Zap },
  { href: '/raci', label: 'Processes', icon: Workflow },
  { href: '/policy', label: 'Policies', icon: Scale },
  { href: '/findings', label: 'Findings', icon: ScanSearch, phone: true, begins: true },
  { href: '/containment', label: 'Containment', icon: OctagonX },
  { href: '/reviews', label: 'Reviews', icon: ListChecks },
  { href: '/changes', label: 'Changes', icon: FilePen },
  { href: '/succession', label: 'Succession', icon: UserRoundCog },
  { href: '/maturity', label: 'Maturity', icon: TrendingUp },
  { href: '/people', label: 'People', icon: Users, begins: true },
  { href: '/jobs', label: 'Jobs', icon: Timer, permission: 'jobs:manage' },
];

const isHere = (pathname: string, href: string): boolean => pathname === href || pathname.startsWith(`${href}/`);

const themes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
];

export type ShellPerson = { name: string; email: string; roles: string; permissions: readonly Permission[] };

/** Shell is the frame of every page but sign-in: where one can go, whether the page is current, and who is here. */
export function Shell({ person, head, children }: { person: ShellPerson; head: Head | null; children: ReactNode }) {
  const places = allPlaces.filter(({ permission }) => permission === undefined || person.permissions.includes(permission));
  return (
    <QueryProvider>
      <LiveProvider initial={head}>
        <KeyProvider>
          <a
            href="#content"
            className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:p-2"
          >
            Go to the content
          </a>
          <div className="grid h-dvh grid-rows-[48px_minmax(0,1fr)_auto] md:grid-cols-[176px_minmax(0,1fr)] md:grid-rows-[48px_minmax(0,1fr)]">
            <header className="col-span-full flex items-center gap-4 border-b border-line bg-raised pr-2 pl-4">
              <Link href="/home" className="rounded-md" aria-label="Countersign, home">
                <Logo />
              </Link>
              <span className="flex-1" />
              {person.permissions.includes('kill:set') ? <StopButton /> : null}
              <LiveDot />
              <PersonMenu person={person} />
            </header>
            <Places className="hidden flex-col gap-0.5 overflow-y-auto border-r border-line p-2 md:flex" layout="side" places={places} />
            <main id="content" tabIndex={-1} className="min-h-0 overflow-y-auto outline-none">
              {children}
            </main>
            <Places className="flex border-t border-line bg-raised md:hidden" layout="bottom" places={places} />
          </div>
        </KeyProvider>
      </LiveProvider>
    </QueryProvider>
  );
}

type PlacesProps = { className: string; layout: 'side' | 'bottom'; places: readonly Place[] };

function Places({ className, layout, places }: PlacesProps) {
  const pathname = usePathname();
  const { head } = useLive();
  const shown = layout === 'side' ? places : places.filter(({ phone }) => phone);
  return (
    <nav aria-label={layout === 'side' ? 'Main' : 'Main, phone'} className={className}>
      {shown.map(({ href, label, icon: Icon, counts, begins }) => {
        const here = isHere(pathname, href);
        const count = counts && head && head.waiting > 0 ? head.waiting : null;
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={classNames(
              'relative flex items-center text-sm font-medium transition-colors duration-100',
              layout === 'side'
                ? 'h-8 shrink-0 gap-2.5 rounded-md px-2.5'
                : 'min-h-12 min-w-0 flex-1 flex-col justify-center gap-0.5 py-1 pb-[max(4px,env(safe-area-inset-bottom))] text-xs',
              layout === 'side' &&
                begins &&
                'mt-2.5 before:absolute before:-top-1.5 before:right-2 before:left-2 before:border-t before:border-line',
              here ? 'bg-accent-soft text-ink' : 'text-ink-2 hover:bg-sunken hover:text-ink',
            )}
          >
            <Icon size={16} aria-hidden className={here ? 'text-accent' : ''} />
            {label}
            {count === null ? null : (
              <span className={classNames('tabular', layout === 'side' ? 'ml-auto' : 'absolute top-1 left-1/2 ml-2.5')}>
                {count}
                <span className="sr-only"> waiting</span>
              </span>
            )}
          </Link>
        );
      })}
      {layout === 'bottom' ? <MorePlaces pathname={pathname} places={places} /> : null}
    </nav>
  );
}

/** What does not fit into the bar of a phone. */
function MorePlaces({ pathname, places }: { pathname: string; places: readonly Place[] }) {
  const router = useRouter();
  const rest = places.filter(({ phone }) => !phone);
  const here = rest.find(({ href }) => isHere(pathname, href));
  return (
    <Menu
      label="More pages"
      triggerClassName={classNames(
        'flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 py-1 pb-[max(4px,env(safe-area-inset-bottom))] text-xs font-medium',
        here ? 'bg-accent-soft text-ink' : 'text-ink-2',
      )}
      trigger={
        <>
          <Ellipsis size={16} aria-hidden className={here ? 'text-accent' : ''} /> {here?.label ?? 'More'}
        </>
      }
    >
      {rest.map(({ href, label, icon: Icon }) => (
        <MenuItem key={href} onSelect={() => router.push(href)}>
          <Icon size={15} aria-hidden /> {label}
        </MenuItem>
      ))}
    </Menu>
  );
}

function PersonMenu({ person }: { person: ShellPerson }) {
  const { theme = 'system', setTheme } = useTheme();
  const showKeys = useKeyHelp();
  const router = useRouter();
  const initials = person.name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('');
  return (
    <Menu
      label={`${person.name}: account, theme, keys, sign out`}
      triggerClassName="flex h-9 items-center gap-2 rounded-md px-2 text-sm hover:bg-sunken"
      trigger={
        <>
          <span aria-hidden className="grid size-6 place-items-center rounded-full bg-accent text-[11px] font-semibold text-accent-ink">
            {initials}
          </span>
          <span className="max-w-32 truncate max-sm:hidden">{person.name}</span>
        </>
      }
    >
      <div className="px-2 py-1.5 text-sm">
        <p className="font-medium">{person.name}</p>
        <p className="text-ink-2">{person.email}</p>
        <p className="text-ink-2">{person.roles}</p>
      </div>
      <MenuSeparator />
      <MenuChoice label="Theme" value={theme} onChange={setTheme} options={themes} />
      <MenuSeparator />
      <MenuItem onSelect={() => router.push('/people/me')}>
        <UserRound size={15} aria-hidden /> My account
      </MenuItem>
      <MenuItem onSelect={showKeys}>
        <Keyboard size={15} aria-hidden /> Keys
      </MenuItem>
      <MenuItem onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
        <LogOut size={15} aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
