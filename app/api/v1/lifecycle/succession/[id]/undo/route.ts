import { z } from 'zod';
import { refusedUndo, SuccessionParams, UndoneAnswer } from '@/lib/http/lifecycle-succession';
import { actorOf } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { undoSuccession } from '@/lib/lifecycle/service';

export const POST = route('POST /api/v1/lifecycle/succession/[id]/undo', {
  params: SuccessionParams,
  body: z.strictObject({}),
  answer: UndoneAnswer,
  run: async ({ person, params }) => {
    const undone = await undoSuccession(actorOf(person), params.id);
    return undone.ok ? { id: params.id } : refusedUndo(undone);
  },
});
