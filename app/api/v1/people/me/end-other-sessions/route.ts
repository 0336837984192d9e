import { z } from 'zod';
import { SessionsEndedAnswer } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { endOtherSessions } from '@/lib/people/service';

export const POST = route('POST /api/v1/people/me/end-other-sessions', {
  body: z.strictObject({}),
  answer: SessionsEndedAnswer,
  run: async ({ session }) => ({ sessionsEnded: await endOtherSessions(session) }),
});
