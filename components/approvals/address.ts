import { ApprovalFilter } from '@/lib/approvals/schema';

export const tabs = ['mine', 'waiting', 'supervised', 'halts', 'decided'] as const;
export type Tab = (typeof tabs)[number];

/** What of the inbox is on the screen: all of it is in the address. */
export type View = { tab: Tab; filter: ApprovalFilter };

const isTab = (text: string | null): text is Tab => tabs.some((tab) => tab === text);

/** readView reads a view out of an address; what it does not know is left out. `home` is the tab of an address that names none. */
export function readView(search: URLSearchParams, home: Tab): View {
  const named = search.get('tab');
  const filter = ApprovalFilter.safeParse(Object.fromEntries(search));
  return { tab: isTab(named) ? named : home, filter: filter.success ? filter.data : {} };
}

/** viewQuery writes a view as a query string, leaving out what is the default. */
export function viewQuery({ tab, filter }: View, home: Tab): string {
  const query = new URLSearchParams();
  if (tab !== home) query.set('tab', tab);
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** isNarrowed tells whether a filter leaves anything out. */
export const isNarrowed = (filter: ApprovalFilter): boolean => Object.values(filter).some((value) => value !== undefined);
