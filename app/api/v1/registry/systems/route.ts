import { z } from 'zod';
import { systemAnswer } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { listSystemRows } from '@/lib/registry/reading/actions';
import { System, SystemText } from '@/lib/registry/schema';
import { SystemRow } from '@/lib/registry/schema/catalogue';
import { createSystem } from '@/lib/registry/service';

export const GET = route('GET /api/v1/registry/systems', {
  answer: z.object({ systems: z.array(SystemRow) }),
  run: async () => ({ systems: await listSystemRows() }),
});

export const POST = route('POST /api/v1/registry/systems', {
  body: SystemText,
  answer: System,
  run: async ({ person, body }) => systemAnswer(await createSystem({ type: 'user', id: person.id }, body)),
});
