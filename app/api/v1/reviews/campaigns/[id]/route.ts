import { foundOr404 } from '@/lib/http/approvals';
import { CampaignParams } from '@/lib/http/reviews';
import { route } from '@/lib/http/route';
import { readCampaign } from '@/lib/reviews/reading';
import { CampaignQuery, CampaignView } from '@/lib/reviews/reading/schema';

export const GET = route('GET /api/v1/reviews/campaigns/[id]', {
  params: CampaignParams,
  query: CampaignQuery,
  answer: CampaignView,
  run: async ({ params, query }) => foundOr404(await readCampaign(params.id, query)),
});
