import { ChangeFindingSettings, FindingSettings } from '@/lib/findings/schema';
import { changeSettings } from '@/lib/findings/service';
import { Refused } from '@/lib/http/answers';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/settings', {
  body: ChangeFindingSettings,
  answer: FindingSettings,
  run: async ({ person, body }) => {
    const outcome = await changeSettings({ type: 'user', id: person.id }, body);
    return outcome.ok
      ? outcome.settings
      : new Refused('FORBIDDEN', 'Administrators change the settings of the organisation. Nothing was changed.');
  },
});
