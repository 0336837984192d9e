'use client';

import { Bot, BookOpenText, ClipboardCheck, Ellipsis, Inbox, Keyboard, LogOut, Scale, UserRound, Users, Workflow, Zap } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { KeyProvider, useKeyHelp } from '@/components/keys/provider';
import { LiveDot } from '@/components/live/dot';
import { LiveProvider, useLive } from '@/components/live/provider';
import { QueryProvider } from '@/components/live/query';
import { classNames } from '@/components/ui/class-names';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/menu';
import type { Head } from '@/lib/ledger/reading/schema';
import { Logo } from './logo';

const places = [
  { href: '/approvals', label: 'Approvals', icon: Inbox, counts: true, phone: true },
  { href: '/registry/agents', label: 'Agents', icon: Bot, counts: false, phone: true },
  { href: '/registry/actions', label: 'Actions', icon: Zap, counts: false, phone: false },
  { href: '/raci', label: 'Processes', icon: Workflow, counts: false, phone: false },
  { href: '/policy', label: 'Policies', icon: Scale, counts: false, phone: false },
  { href: '/ledger', label: 'Ledger', icon: BookOpenText, counts: false, phone: true },
  { href: '/outcomes', label: 'Outcomes', icon: ClipboardCheck, counts: false, phone: false },
  { href: '/people', label: 'People', icon: Users, counts: false, phone: false },
] as const;

const isHere = (pathname: string, href: string): boolean => pathname === href || pathname.startsWith(`${href}/`);

const themes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
];

export type ShellPerson = { name: string; email: string; roles: string };

/** Shell is the frame of every page but sign-in: where one can go, whether the page is current, and who is here. */
export function Shell({ person, head, children }: { person: ShellPerson; head: Head | null; children: ReactNode }) {
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
              <Link href="/approvals" className="rounded-md" aria-label="Countersign, to the approvals">
                <Logo />
              </Link>
              <span className="flex-1" />
              <LiveDot />
              <PersonMenu person={person} />
            </header>
            <Places className="hidden flex-col gap-0.5 border-r border-line p-2 md:flex" layout="side" />
            <main id="content" tabIndex={-1} className="min-h-0 overflow-y-auto outline-none">
              {children}
            </main>
            <Places className="flex border-t border-line bg-raised md:hidden" layout="bottom" />
          </div>
        </KeyProvider>
      </LiveProvider>
    </QueryProvider>
  );
}

function Places({ className, layout }: { className: string; layout: 'side' | 'bottom' }) {
  const pathname = usePathname();
  const { head } = useLive();
  const shown = layout === 'side' ? places : places.filter(({ phone }) => phone);
  return (
    <nav aria-label={layout === 'side' ? 'Main' : 'Main, phone'} className={className}>
      {shown.map(({ href, label, icon: Icon, counts }) => {
        const here = isHere(pathname, href);
        const count = counts && head && head.waiting > 0 ? head.waiting : null;
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={classNames(
              'flex items-center text-sm font-medium transition-colors duration-100',
              layout === 'side'
                ? 'h-9 gap-2.5 rounded-md px-2.5'
                : 'relative min-h-12 min-w-0 flex-1 flex-col justify-center gap-0.5 py-1 pb-[max(4px,env(safe-area-inset-bottom))] text-xs',
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
      {layout === 'bottom' ? <MorePlaces pathname={pathname} /> : null}
    </nav>
  );
}

/** What does not fit into the bar of a phone. */
function MorePlaces({ pathname }: { pathname: string }) {
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
