import type { Metadata } from 'next';
import { ledgerQuery } from '@/components/ledger/address';
import { Ledger } from '@/components/ledger/list';
import { listLedger, listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { gatewayUrl } from '@/lib/http/gateway-url';
import { readHead } from '@/lib/ledger/reading';
import { EntryFilter, EntryQuery } from '@/lib/ledger/reading/schema';

export const metadata: Metadata = { title: 'Ledger' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function LedgerPage({ searchParams }: { searchParams: Search }) {
  await requirePermission('ledger:read');
  const parsed = EntryFilter.safeParse(await searchParams);
  const filter = parsed.success ? parsed.data : EntryFilter.parse({});
  const head = await readHead();
  const [initial, options] = await Promise.all([listLedger(EntryQuery.parse(filter)), listOptions()]);
  const narrowed = ledgerQuery({ ...filter, show: 'decisions' }) !== '';
  return (
    <Ledger
      key={ledgerQuery(filter)}
      filter={filter}
      initial={initial}
      head={head.seq}
      options={options}
      gatewayUrl={gatewayUrl()}
      narrowed={narrowed}
    />
  );
}
