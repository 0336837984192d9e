import type { Metadata } from 'next';
import { Home } from '@/components/home/home';
import { StageLine } from '@/components/maturity/stage-line';
import { readHome } from '@/lib/home/reading';
import { requireActor } from '@/lib/http/actor';
import { readStageLine } from '@/lib/maturity/reading';
import { permissionsOf } from '@/lib/people/permissions';

export const metadata: Metadata = { title: 'Home' };

export default async function HomePage() {
  const person = await requireActor();
  const [sections, stage] = await Promise.all([readHome(person), readStageLine({ type: 'organisation' })]);
  return (
    <Home
      name={person.name.split(' ')[0] ?? person.name}
      permissions={permissionsOf(person)}
      sections={sections}
      standing={stage ? <StageLine {...stage} /> : null}
    />
  );
}
