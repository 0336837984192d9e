import type { Metadata } from 'next';
import { Home } from '@/components/home/home';
import { readHome } from '@/lib/home/reading';
import { requireActor } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Home' };

export default async function HomePage() {
  const person = await requireActor();
  return <Home name={person.name.split(' ')[0] ?? person.name} sections={await readHome(person)} />;
}
