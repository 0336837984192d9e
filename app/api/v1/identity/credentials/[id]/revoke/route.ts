import { z } from 'zod';
import { CredentialParams, refuseCredential } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { RevocationReason } from '@/lib/identity/schema';
import { revokeCredential } from '@/lib/identity/service';

export const POST = route('POST /api/v1/identity/credentials/[id]/revoke', {
  params: CredentialParams,
  body: z.object({ reason: RevocationReason.optional() }),
  answer: z.object({ id: z.string(), agent: z.string() }),
  run: async ({ person, params, body }) => {
    const outcome = await revokeCredential({ type: 'user', id: person.id }, params.id, body.reason);
    return outcome.ok ? { id: params.id, agent: outcome.agentId } : refuseCredential(outcome);
  },
});
