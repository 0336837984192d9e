import { z } from 'zod';
import { actorOf, refusedPeople } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { Team, TeamRecord } from '@/lib/people/schema';
import { createTeam, listTeams } from '@/lib/people/service';

export const GET = route('GET /api/v1/people/teams', {
  answer: z.object({ teams: z.array(Team) }),
  run: async () => ({ teams: await listTeams() }),
});

export const POST = route('POST /api/v1/people/teams', {
  body: TeamRecord,
  answer: Team,
  run: async ({ person, body }) => {
    const made = await createTeam(actorOf(person), body);
    return made.ok ? made.team : refusedPeople(made);
  },
});
