import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { CampaignItems } from '@/components/reviews/campaign';
import { Changed } from '@/components/reviews/campaigns';
import { Progress } from '@/components/reviews/progress';
import { Day } from '@/components/text/day';
import { Fact, Facts } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { readCampaign } from '@/lib/reviews/reading';
import { CampaignQuery } from '@/lib/reviews/reading/schema';
import { CampaignId } from '@/lib/reviews/schema';

export const metadata: Metadata = { title: 'Review' };

type Props = { params: Promise<{ campaign: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CampaignPage({ params, searchParams }: Props) {
  const person = await requirePermission('reviews:read');
  const id = CampaignId.safeParse((await params).campaign);
  const asked = CampaignQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : CampaignQuery.parse({});
  const view = id.success ? await readCampaign(id.data, query) : undefined;
  if (!view) notFound();
  const { campaign, today } = view;
  return (
    <Page title={campaign.title} up={{ href: '/reviews', label: 'Reviews' }}>
      <div className="mb-6">
        <Facts>
          <Fact name="Decided">
            <Progress {...campaign} />
          </Fact>
          <Fact name="Due">
            <Day on={campaign.dueOn} today={campaign.open === 0 ? campaign.dueOn : today} />
            {campaign.overdue > 0 ? <span className="ml-2 text-danger">{campaign.overdue} overdue</span> : null}
          </Fact>
          <Fact name="What it changed">
            <Changed row={campaign} />
          </Fact>
          <Fact name={campaign.closedAt === null ? 'Begun' : 'Ended'}>
            <Ago at={campaign.closedAt ?? campaign.openedAt} />
          </Fact>
        </Facts>
      </div>
      <CampaignItems view={view} query={query} gives={may(person, 'reviews:manage')} />
    </Page>
  );
}
