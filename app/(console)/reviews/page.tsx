import type { Metadata } from 'next';
import { BeginReviewButton } from '@/components/reviews/begin';
import { Campaigns } from '@/components/reviews/campaigns';
import { MyReviews } from '@/components/reviews/mine';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { readReviews } from '@/lib/reviews/reading';
import { ReviewsQuery } from '@/lib/reviews/reading/schema';

export const metadata: Metadata = { title: 'Reviews' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ReviewsPage({ searchParams }: Props) {
  const person = await requirePermission('reviews:read');
  const query = ReviewsQuery.catch({}).parse(await searchParams);
  const { mine, campaigns, next, today } = await readReviews(person, query);
  return (
    <Page
      title="Reviews"
      intro="Who answers for an agent looks at it again, on a schedule: what it may do, what it did, and whether it shall go on. Policies are reviewed the same way."
      actions={may(person, 'reviews:manage') ? <BeginReviewButton /> : null}
    >
      <section aria-labelledby="mine" className="mb-8">
        <h2 id="mine" className="mb-2 text-base font-semibold">
          For me {mine.total > 0 ? <span className="tabular font-normal text-ink-2">{mine.total}</span> : null}
        </h2>
        <MyReviews mine={mine} today={today} />
      </section>
      <section aria-labelledby="campaigns">
        <h2 id="campaigns" className="mb-2 text-base font-semibold">
          Everywhere
        </h2>
        <Campaigns campaigns={campaigns} next={next} today={today} />
      </section>
    </Page>
  );
}
