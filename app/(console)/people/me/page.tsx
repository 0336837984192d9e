import type { Metadata } from 'next';
import Link from 'next/link';
import { May } from '@/components/people/may';
import { OwnPassword, OwnSessions } from '@/components/people/own';
import { PeoplePlaces } from '@/components/people/places';
import { whoCan } from '@/components/people/why-not';
import { Fact, Facts, Section } from '@/components/text/facts';
import { link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { requireSession } from '@/lib/http/actor';
import { listAdmins, viewerOf } from '@/lib/http/people';
import { readOwnSessions } from '@/lib/people/reading';
import { roleList } from '@/lib/people/wording';

export const metadata: Metadata = { title: 'My account' };

export default async function OwnPage() {
  const session = await requireSession();
  const { user } = session;
  const [sessions, admins] = await Promise.all([readOwnSessions(session), listAdmins()]);
  return (
    <Page narrow title="My account">
      <PeoplePlaces here="/people/me" />
      <div className="pb-4">
        <Facts>
          <Fact name="Name">{user.name}</Fact>
          <Fact name="E-mail">{user.email}</Fact>
          <Fact name="Roles">
            {roleList(user.roles)}
            <span className="block text-sm text-ink-2">You do not change your own roles. {whoCan(admins, viewerOf(user))}</span>
          </Fact>
        </Facts>
      </div>
      <Section
        title="What I may do"
        aside={
          <Link href="/people/roles" className={link}>
            All roles side by side
          </Link>
        }
      >
        <May roles={user.roles} />
      </Section>
      <OwnSessions initial={sessions} />
      <OwnPassword email={user.email} />
    </Page>
  );
}
