import { z } from 'zod';
import { ProcessAnswer, refusedProcess } from '@/lib/http/raci';
import { route } from '@/lib/http/route';
import { listProcessItems } from '@/lib/raci/reading';
import { ProcessItem } from '@/lib/raci/schema';
import { ProcessRecord } from '@/lib/registry/schema';
import { createProcess } from '@/lib/registry/service';

export const GET = route('GET /api/v1/raci', {
  answer: z.object({ processes: z.array(ProcessItem) }),
  run: async () => ({ processes: await listProcessItems() }),
});

export const POST = route('POST /api/v1/raci', {
  body: ProcessRecord,
  answer: ProcessAnswer,
  run: async ({ person, body }) => {
    const outcome = await createProcess({ type: 'user', id: person.id }, body);
    return outcome.ok ? { id: outcome.process.id } : refusedProcess(outcome);
  },
});
