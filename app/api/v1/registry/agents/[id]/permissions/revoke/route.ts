import { AgentParams, agentBodyBytesMax, PermissionsAnswer, PermissionsBody, refuseAgent } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { revokePermissions } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/permissions/revoke', {
  params: AgentParams,
  body: PermissionsBody,
  bodyBytesMax: agentBodyBytesMax,
  answer: PermissionsAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await revokePermissions({ type: 'user', id: person.id }, params.id, body.actions);
    return outcome.ok ? { changed: outcome.revoked } : refuseAgent(outcome);
  },
});
