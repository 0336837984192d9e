import { z } from 'zod';
import { route } from '@/lib/http/route';
import { readOwnSessions } from '@/lib/people/reading';
import { OwnSession } from '@/lib/people/schema';

export const GET = route('GET /api/v1/people/me/sessions', {
  answer: z.object({ sessions: z.array(OwnSession) }),
  run: async ({ session }) => ({ sessions: await readOwnSessions(session) }),
});
