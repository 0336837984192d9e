import { SystemBody, SystemParams, systemAnswer } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { System } from '@/lib/registry/schema';
import { changeSystem } from '@/lib/registry/service';

export const PUT = route('PUT /api/v1/registry/systems/[id]', {
  params: SystemParams,
  body: SystemBody,
  answer: System,
  run: async ({ person, params, body: { seen, ...text } }) =>
    systemAnswer(await changeSystem({ type: 'user', id: person.id }, params.id, text, seen)),
});
