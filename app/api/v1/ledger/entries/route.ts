import { route } from '@/lib/http/route';
import { listEntries } from '@/lib/ledger/reading';
import { EntryPage, EntryQuery } from '@/lib/ledger/reading/schema';

export const GET = route('GET /api/v1/ledger/entries', {
  query: EntryQuery,
  answer: EntryPage,
  run: ({ query }) => listEntries(query),
});
