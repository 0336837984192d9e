import { refuseChange } from '@/lib/http/lifecycle-changes';
import { agentBodyBytesMax } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { listChanges } from '@/lib/lifecycle/reading';
import { ChangeAnswer, ChangePage, ChangeQuery, NewChange } from '@/lib/lifecycle/schema';
import { requestChange } from '@/lib/lifecycle/service';

export const GET = route('GET /api/v1/lifecycle/changes', {
  query: ChangeQuery,
  answer: ChangePage,
  run: ({ person, query }) => listChanges(person, query),
});

export const POST = route('POST /api/v1/lifecycle/changes', {
  body: NewChange,
  bodyBytesMax: agentBodyBytesMax,
  answer: ChangeAnswer,
  run: async ({ person, body: { agent, ...asked } }) => {
    const outcome = await requestChange({ type: 'user', id: person.id }, agent, asked);
    return outcome.ok ? { id: outcome.id, status: 'open' as const } : refuseChange(outcome);
  },
});
