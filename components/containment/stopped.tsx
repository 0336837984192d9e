import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import type { KillView } from '@/lib/containment/schema';
import { whatIs } from './words';

/** StoppedLines says above everything else about an agent which stops hold it, or one of its actions; nothing when none does. */
export function StoppedLines({ stops }: { stops: readonly KillView[] }) {
  return stops.map((stop) => (
    <Notice key={stop.id} tone="danger">
      <span data-stop={stop.id}>
        <strong className="font-medium">{holds[stop.scope](whatIs(stop))}</strong> {stop.setBy.name} set it <Ago at={stop.setAt} />
        {stop.drill === null ? '' : ', for a drill'}.{' '}
        <Link className={link} href={`/containment/${stop.id}`}>
          See the stop
        </Link>
      </span>
    </Notice>
  ));
}

const holds: Record<KillView['scope'], (what: string) => string> = {
  agent: () => 'This agent is stopped.',
  process: (what) => `This agent is stopped with ${what}.`,
  organisation: () => 'Everything is stopped, this agent too.',
  action_type: (what) => `Some of what it may do is stopped: ${what}.`,
  system: (what) => `Some of what it may do is stopped: ${what}.`,
};
