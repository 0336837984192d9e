import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { EffectiveTable } from '@/components/policy/effective';
import { link } from '@/components/ui/link';
import { requirePermission } from '@/lib/http/actor';
import { readEffectiveTiers } from '@/lib/policy/reading';

export const metadata: Metadata = { title: 'Effective tiers of an agent' };

export default async function AgentTiersPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePermission('agents:read');
  const effective = await readEffectiveTiers(decodeURIComponent((await params).id));
  if (!effective) notFound();
  const { agent, tiers, policies } = effective;
  return (
    <div>
      <p className="max-w-[72ch] py-3 text-ink-2">
        What the{' '}
        <Link href="/policy" className={link}>
          policies in force
        </Link>{' '}
        ask of everything this agent may ask for.{' '}
        {agent.floor === 1
          ? 'Its autonomy floor is 1: it may act alone where policy lets it.'
          : `Its autonomy floor is ${agent.floor}, so nothing is below Tier ${agent.floor} whatever policy says.`}{' '}
        Anything else it asks for is halted.
      </p>
      <EffectiveTable tiers={tiers} policies={policies} />
    </div>
  );
}
