import { readLocks } from '@/lib/containment/reading';
import { LockPage, NewResumption } from '@/lib/containment/schema';
import { askResumptionShown } from '@/lib/containment/service';
import { refusedResumption } from '@/lib/http/resumptions';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/resumptions', { answer: LockPage, run: ({ person }) => readLocks(person) });

export const POST = route('POST /api/v1/containment/resumptions', {
  body: NewResumption,
  answer: LockPage,
  run: async ({ person, body }) => {
    const outcome = await askResumptionShown({ type: 'user', id: person.id }, body);
    return outcome.ok ? readLocks(person) : refusedResumption(outcome.code);
  },
});
