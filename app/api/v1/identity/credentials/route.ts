import { z } from 'zod';
import { refuseCredential } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { IssuedAnswer, NewCredential, CredentialAnswer } from '@/lib/identity/schema';
import { credentialAnswer, issueCredential, listCredentials } from '@/lib/identity/service';
import { AgentId } from '@/lib/registry/schema';

export const GET = route('GET /api/v1/identity/credentials', {
  query: z.object({ agent: AgentId }),
  answer: z.object({ credentials: z.array(CredentialAnswer) }),
  run: async ({ query }) => ({ credentials: (await listCredentials(query.agent)).map((credential) => credentialAnswer(credential)) }),
});

export const POST = route('POST /api/v1/identity/credentials', {
  body: NewCredential.extend({ agent: AgentId }),
  answer: IssuedAnswer,
  run: async ({ person, body: { agent, ...input } }) => {
    const outcome = await issueCredential({ type: 'user', id: person.id }, agent, input);
    return outcome.ok ? { credential: credentialAnswer(outcome.credential), secret: outcome.secret } : refuseCredential(outcome);
  },
});
