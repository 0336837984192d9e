import { route } from '@/lib/http/route';
import { liveStream } from '@/lib/http/stream';

export const dynamic = 'force-dynamic';

export const GET = route('GET /api/v1/ledger/stream', {
  answer: 'stream',
  run: async ({ session, request }) => liveStream(session, request.signal),
});
