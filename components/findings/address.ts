import type { FindingFilter } from '@/lib/findings/schema';

type View = { [Name in keyof FindingFilter]?: FindingFilter[Name] | undefined } & { after?: string | undefined };

/** findingsHref writes a view of the list as its address, without what goes without saying. A change of what is shown begins at the first page. */
export function findingsHref(view: View, change: View = {}): string {
  const { status, detector, severity, process, subject, mine, after }: View = { ...view, after: undefined, ...change };
  const query = new URLSearchParams();
  if (status !== undefined && status !== 'open') query.set('status', status);
  for (const [name, value] of Object.entries({ detector, severity, process, subject, mine, after }))
    if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '/findings' : `/findings?${text}`;
}

export const findingHref = (id: string): string => `/findings/${encodeURIComponent(id)}`;
