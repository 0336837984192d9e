import { refusedPeople, SessionsEndedAnswer } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { PasswordChange } from '@/lib/people/schema';
import { changePassword } from '@/lib/people/service';

export const POST = route('POST /api/v1/people/me/password', {
  body: PasswordChange,
  answer: SessionsEndedAnswer,
  opensWithOneTimePassword: true,
  run: async ({ session, body }) => {
    const changed = await changePassword(session, body);
    return changed.ok ? { sessionsEnded: changed.sessionsEnded } : refusedPeople(changed);
  },
});
