import Link from 'next/link';
import { Section } from '@/components/text/facts';
import { classNames } from '@/components/ui/class-names';
import { link } from '@/components/ui/link';
import { Tabs } from '@/components/ui/tabs';
import { Empty, Notice } from '@/components/ui/page';
import { activityDays, type Activity } from '@/lib/check/reading/schema';
import { activityLinks, type ActivityScope } from './activity-links';
import { Actions } from './activity-actions';
import { Biggest, Deciders, Outcomes, Stops, Waits } from './activity-parts';
import { activitySentences } from './activity-words';

type Props = {
  activity: Activity;
  scope: ActivityScope;
  /** What the sentences begin with: `this agent`, or `the agents of this process`. */
  who: string;
  /** This page without its query. */
  address: string;
};

const dayWords: Record<Activity['days'] & number, string> = { 1: '24 hours', 7: '7 days', 30: '30 days', 90: '90 days' };

/** ActivityView begins with two plain sentences on what went alone, what waited and what it cost; each number below leads to its rows. */
export function ActivityView({ activity, scope, who, address }: Props) {
  const links = activityLinks(scope, activity.since);
  const tabs = activityDays.map((days) => ({
    href: `${address}?days=${days}`,
    label: dayWords[days] ?? `${days} days`,
    active: days === activity.days,
  }));
  const nothing = activity.actions.length === 0;
  return (
    <div data-activity>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Tabs label="How far back" tabs={tabs} />
        <Link href={links.ledger({})} className={classNames('text-sm', link)}>
          Every decision, in the ledger
        </Link>
      </div>
      {nothing ? (
        <div className="mt-3">
          <Empty
            title="Nothing was asked in this time"
            action={
              <Link href={`/ledger`} className={link}>
                See the whole ledger
              </Link>
            }
          >
            What went ahead alone, what waited for a person and what it cost will stand here, each number with the rows behind it.
          </Empty>
        </div>
      ) : (
        <>
          <div className="mt-3 mb-4 flex max-w-[72ch] flex-col gap-2 text-lg leading-6" data-sentences>
            {activitySentences(activity, who).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
          {activity.cut ? (
            <div className="mb-4">
              <Notice>There are more decisions than are counted at once: these numbers are of the newest 200,000.</Notice>
            </div>
          ) : null}
          <Section title="By action" aside="every number opens the rows behind it">
            <Actions activity={activity} links={links} />
          </Section>
          <Waits activity={activity} links={links} />
          <Stops activity={activity} links={links} />
          <Biggest activity={activity} />
          <Deciders activity={activity} />
          <Outcomes activity={activity} links={links} />
        </>
      )}
    </div>
  );
}
