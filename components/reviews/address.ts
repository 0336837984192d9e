import type { CampaignQuery } from '@/lib/reviews/reading/schema';

export const itemHref = (id: string): string => `/reviews/items/${id}`;

type View = { [Name in keyof CampaignQuery]?: CampaignQuery[Name] | undefined };

/** campaignHref is the address of a campaign with some of its items, without what goes without saying. */
export function campaignHref(id: string, { state, process, after }: View = {}): string {
  const query = new URLSearchParams();
  if (state !== undefined && state !== 'all') query.set('state', state);
  if (process !== undefined) query.set('process', process);
  if (after !== undefined) query.set('after', after);
  const text = query.toString();
  return `/reviews/${id}${text === '' ? '' : `?${text}`}`;
}
