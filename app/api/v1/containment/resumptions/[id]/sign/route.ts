import { readLocks } from '@/lib/containment/reading';
import { LockPage, SignResumption } from '@/lib/containment/schema';
import { signResumption } from '@/lib/containment/service';
import { refusedResumption, ResumptionParams } from '@/lib/http/resumptions';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/resumptions/[id]/sign', {
  params: ResumptionParams,
  body: SignResumption,
  answer: LockPage,
  run: async ({ person, params, body }) => {
    const outcome = await signResumption({ type: 'user', id: person.id }, { id: params.id, reason: body.reason });
    return outcome.ok ? readLocks(person) : refusedResumption(outcome.code);
  },
});
