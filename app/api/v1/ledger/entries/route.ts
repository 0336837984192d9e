import { listLedger } from '@/lib/check/reading';
import { ToldPage } from '@/lib/check/reading/schema';
import { route } from '@/lib/http/route';
import { EntryQuery } from '@/lib/ledger/reading/schema';

export const GET = route('GET /api/v1/ledger/entries', {
  query: EntryQuery,
  answer: ToldPage,
  run: ({ query }) => listLedger(query),
});
