import { foundOr404 } from '@/lib/http/approvals';
import { doneOr, DraftAnswer, PolicyParams, StartedAnswer } from '@/lib/http/policy';
import { route } from '@/lib/http/route';
import { readDraft } from '@/lib/policy/reading';
import { DraftPage } from '@/lib/policy/reading/schema';
import { POLICY_DOCUMENT_BYTES_MAX, SaveDraft, StartDraft } from '@/lib/policy/schema';
import { saveDraft, startDraft } from '@/lib/policy/service';

export const GET = route('GET /api/v1/policy/[id]/draft', {
  params: PolicyParams,
  answer: DraftPage,
  run: async ({ person, params }) => foundOr404(await readDraft(person, params.id)),
});

export const POST = route('POST /api/v1/policy/[id]/draft', {
  params: PolicyParams,
  body: StartDraft,
  answer: StartedAnswer,
  run: async ({ person, params, body }) => doneOr(await startDraft({ type: 'user', id: person.id }, params.id, body.from)),
});

export const PUT = route('PUT /api/v1/policy/[id]/draft', {
  params: PolicyParams,
  body: SaveDraft,
  bodyBytesMax: POLICY_DOCUMENT_BYTES_MAX,
  answer: DraftAnswer,
  run: async ({ person, params, body }) => doneOr(await saveDraft({ type: 'user', id: person.id }, params.id, body)),
});
