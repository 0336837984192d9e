import { ClaimAnswer, refusedOrganisation } from '@/lib/http/organisation';
import { openRoute } from '@/lib/http/route';
import { Claim } from '@/lib/organisation/schema';
import { claimInstallation } from '@/lib/organisation/service';

export const POST = openRoute('POST /api/v1/organisation/claim', {
  body: Claim,
  answer: ClaimAnswer,
  run: async ({ body }) => {
    const outcome = await claimInstallation(body);
    return outcome.ok ? { email: body.email } : refusedOrganisation(outcome);
  },
});
