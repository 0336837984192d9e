import { actorOf, refusedPeople, TeamParams } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { Team, TeamRecord } from '@/lib/people/schema';
import { changeTeam } from '@/lib/people/service';

export const PUT = route('PUT /api/v1/people/teams/[id]', {
  params: TeamParams,
  body: TeamRecord,
  answer: Team,
  run: async ({ person, params, body }) => {
    const changed = await changeTeam(actorOf(person), params.id, body);
    return changed.ok ? changed.team : refusedPeople(changed);
  },
});
