import { previewed } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { readPreview } from '@/lib/policy/reading/preview';
import { Preview, PREVIEW_BYTES_MAX, PreviewRequest } from '@/lib/policy/schema/preview';

export const POST = route('POST /api/v1/registry/actions/preview', {
  body: PreviewRequest,
  bodyBytesMax: PREVIEW_BYTES_MAX,
  answer: Preview,
  run: async ({ body }) => previewed(await readPreview(body)),
});
