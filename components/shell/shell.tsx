'use client';

import {
  Bot,
  BookOpenText,
  ChevronRight,
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
  /** Its kind of work; a rule stands between two kinds. */
  group: 1 | 2 | 3 | 4;
  /** Who sees it, when not everybody does. */
  permission?: Permission;
  /** What somebody does there. Who does none of it finds the place under More, unless they do nothing anywhere and only read. */
  work?: readonly Permission[];
};

/** Where one can go: what waits and what happened, what may act, who answers for it, who is here. */
const allPlaces: readonly Place[] = [
  { href: '/home', label: 'Home', icon: House, group: 1, phone: true },
  { href: '/approvals', label: 'Approvals', icon: Inbox, group: 1, counts: true, phone: true },
  { href: '/ledger', label: 'Ledger', icon: BookOpenText, group: 1 },
  { href: '/outcomes', label: 'Outcomes', icon: ClipboardCheck, group: 1, work: ['outcomes:settle'] },
  { href: '/registry/agents', label: 'Agents', icon: Bot, group: 2, phone: true },
  { href: '/registry/actions', label: 'Action types', icon: Zap, group: 2, work: ['actions:classify', 'systems:manage'] },
  { href: '/raci', label: 'Processes', icon: Workflow, group: 2, work: ['approvals:decide', 'raci:manage'] },
  { href: '/policy', label: 'Policies', icon: Scale, group: 2, work: ['policy:edit'] },
  { href: '/findings', label: 'Findings', icon: ScanSearch, group: 3, phone: true, work: ['findings:manage'] },
  { href: '/containment', label: 'Containment', icon: OctagonX, group: 3, work: ['kill:set', 'breakers:reset', 'workflow:release'] },
  { href: '/reviews', label: 'Reviews', icon: ListChecks, group: 3, work: ['reviews:decide', 'reviews:manage'] },
  { href: '/changes', label: 'Changes', icon: FilePen, group: 3, work: ['changes:request', 'changes:decide'] },
  { href: '/succession', label: 'Succession', icon: UserRoundCog, group: 3, work: ['agents:reassign'] },
  { href: '/maturity', label: 'Maturity', icon: TrendingUp, group: 3 },
  { href: '/people', label: 'People', icon: Users, group: 4, work: ['people:manage'] },
  { href: '/jobs', label: 'Jobs', icon: Timer, group: 4, permission: 'jobs:manage' },
];

type Places = { mine: readonly Place[]; rest: readonly Place[] };

/** placesOf parts where a person works from where they may look. */
function placesOf(permissions: readonly Permission[]): Places {
  const has = (permission: Permission) => permissions.includes(permission);
  const seen = allPlaces.filter(({ permission }) => permission === undefined || has(permission));
  const isMine = ({ work }: Place) => work === undefined || work.some(has);
  return seen.some(({ work }) => work?.some(has))
    ? { mine: seen.filter(isMine), rest: seen.filter((place) => !isMine(place)) }
    : { mine: seen, rest: [] };
}

const isHere = (pathname: string, href: string): boolean => pathname === href || pathname.startsWith(`${href}/`);

const themes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
];

export type ShellPerson = { name: string; email: string; roles: string; permissions: readonly Permission[] };

/** Shell is the frame of every page but sign-in: where one can go, whether the page is current, and who is here. */
export function Shell({ person, head, children }: { person: ShellPerson; head: Head | null; children: ReactNode }) {
  const places = placesOf(person.permissions);
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
            <SidePlaces places={places} />
            <main id="content" tabIndex={-1} className="min-h-0 overflow-y-auto outline-none">
              {children}
            </main>
            <BottomPlaces places={places} />
          </div>
        </KeyProvider>
      </LiveProvider>
    </QueryProvider>
  );
}

function SidePlaces({ places: { mine, rest } }: { places: Places }) {
  const pathname = usePathname();
  const inRest = rest.some(({ href }) => isHere(pathname, href));
  return (
    <nav aria-label="Main" className="hidden flex-col gap-0.5 overflow-y-auto border-r border-line p-2 md:flex">
      {mine.map((place, i) => (
        <SidePlace key={place.href} place={place} begins={i > 0 && place.group !== mine[i - 1]?.group} />
      ))}
      {rest.length === 0 ? null : (
        // Whoever comes to one of these sees where they are.
        <details
          key={String(inRest)}
          open={inRest}
          className="group relative mt-2.5 before:absolute before:-top-1.5 before:right-2 before:left-2 before:border-t before:border-line"
        >
          <summary className="flex h-8 list-none items-center [&::-webkit-details-marker]:hidden gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-2 hover:bg-sunken hover:text-ink">
            <ChevronRight size={16} aria-hidden className="group-open:rotate-90" /> More
          </summary>
          <div className="flex flex-col gap-0.5">
            {rest.map((place) => (
              <SidePlace key={place.href} place={place} />
            ))}
          </div>
        </details>
      )}
    </nav>
  );
}

function SidePlace({ place, begins = false }: { place: Place; begins?: boolean }) {
  return (
    <PlaceLink
      place={place}
      className={classNames(
        'h-8 shrink-0 gap-2.5 rounded-md px-2.5',
        begins && 'mt-2.5 before:absolute before:-top-1.5 before:right-2 before:left-2 before:border-t before:border-line',
      )}
      countClassName="ml-auto"
    />
  );
}

function PlaceLink({ place, className, countClassName }: { place: Place; className: string; countClassName: string }) {
  const { href, label, icon: Icon, counts } = place;
  const { head } = useLive();
  const here = isHere(usePathname(), href);
  const count = counts && head && head.waiting > 0 ? head.waiting : null;
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={classNames(
        'relative flex items-center text-sm font-medium transition-colors duration-100',
        className,
        here ? 'bg-accent-soft text-ink' : 'text-ink-2 hover:bg-sunken hover:text-ink',
      )}
    >
      <Icon size={16} aria-hidden className={here ? 'text-accent' : ''} />
      {label}
      {count === null ? null : (
        <span className={classNames('tabular', countClassName)}>
          {count}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}

const bottomLook = 'min-h-12 min-w-0 flex-1 flex-col justify-center gap-0.5 py-1 pb-[max(4px,env(safe-area-inset-bottom))] text-xs';

function BottomPlaces({ places: { mine, rest } }: { places: Places }) {
  const all = [...mine, ...rest];
  return (
    <nav aria-label="Main, phone" className="flex border-t border-line bg-raised md:hidden">
      {all
        .filter(({ phone }) => phone)
        .map((place) => (
          <PlaceLink key={place.href} place={place} className={bottomLook} countClassName="absolute top-1 left-1/2 ml-2.5" />
        ))}
      <MorePlaces places={all.filter(({ phone }) => !phone)} />
    </nav>
  );
}

/** What does not fit into the bar of a phone: one's own places first. */
function MorePlaces({ places }: { places: readonly Place[] }) {
  const pathname = usePathname();
  const router = useRouter();
  const here = places.find(({ href }) => isHere(pathname, href));
  return (
    <Menu
      label="More pages"
      triggerClassName={classNames('flex items-center font-medium', bottomLook, here ? 'bg-accent-soft text-ink' : 'text-ink-2')}
      trigger={
        <>
          <Ellipsis size={16} aria-hidden className={here ? 'text-accent' : ''} /> {here?.label ?? 'More'}
        </>
      }
    >
      {places.map(({ href, label, icon: Icon }) => (
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
