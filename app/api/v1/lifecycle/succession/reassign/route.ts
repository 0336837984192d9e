import { reassignBodyBytesMax, ReassignAnswer, reassignText } from '@/lib/http/lifecycle-succession';
import { actorOf } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { Reassignment } from '@/lib/lifecycle/schema/succession';
import { reassign } from '@/lib/lifecycle/service';

export const POST = route('POST /api/v1/lifecycle/succession/reassign', {
  body: Reassignment,
  bodyBytesMax: reassignBodyBytesMax,
  answer: ReassignAnswer,
  run: async ({ person, body }) => {
    const results = await reassign(actorOf(person), body);
    return { results: results.map((result) => ({ ...result, text: result.refusal && reassignText(result.refusal) })) };
  },
});
