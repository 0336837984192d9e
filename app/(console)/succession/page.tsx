import type { Metadata } from 'next';
import { z } from 'zod';
import { Successions } from '@/components/lifecycle/succession';
import type { Choosable } from '@/components/lifecycle/succession-name';
import { Reassign } from '@/components/lifecycle/succession-reassign';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { requirePermission } from '@/lib/http/actor';
import { readHeld, readSuccessions } from '@/lib/lifecycle/reading';
import { may } from '@/lib/people/permissions';
import { UserId } from '@/lib/people/schema';
import { listUsers, type User } from '@/lib/people/service';

export const metadata: Metadata = { title: 'Succession' };

const tabs = ['orphans', 'moved', 'reassign'] as const;
const View = z.object({ tab: z.enum(tabs).catch('orphans'), person: UserId.optional().catch(undefined) });
type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SuccessionPage({ searchParams }: { searchParams: Search }) {
  const viewer = await requirePermission('agents:read');
  const reassigns = may(viewer, 'agents:reassign');
  const { tab: asked, person } = View.parse(await searchParams);
  const tab = asked === 'reassign' && !reassigns ? 'orphans' : asked;
  const [orphans, users] = await Promise.all([readSuccessions({ list: 'orphans' }), listUsers()]);
  const sorted = users.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const people = sorted.filter(({ status }) => status === 'active').map(choosable);
  const labels = { orphans: 'Orphans', moved: 'Moved', reassign: 'Reassign' };
  return (
    <Page
      title="Succession"
      intro="What somebody answered for goes to a successor, their manager or the owner of the process, in the moment they are deactivated. What nobody takes waits here."
    >
      <div className="mb-3">
        <Tabs
          label="Succession"
          tabs={tabs
            .filter((each) => each !== 'reassign' || reassigns)
            .map((each) => ({
              href: each === 'orphans' ? '/succession' : `/succession?tab=${each}`,
              label: labels[each],
              active: each === tab,
              ...(each === 'orphans' ? { count: orphans.total } : {}),
            }))}
        />
      </div>
      {tab === 'reassign' ? (
        <Reassign
          holders={sorted.map(({ id, name, status }) => ({ id, name, active: status === 'active' }))}
          held={person === undefined ? null : ((await readHeld(person)) ?? null)}
          people={people}
        />
      ) : (
        <Successions
          key={tab}
          list={tab}
          initial={tab === 'orphans' ? orphans : await readSuccessions({ list: tab })}
          people={people}
          reassigns={reassigns}
        />
      )}
    </Page>
  );
}

const choosable = ({ id, name, roles }: User): Choosable => ({ id, name, roles });
