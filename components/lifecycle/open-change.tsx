import Link from 'next/link';
import { joined } from '@/components/registry/agents/words';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';

export type ShownOpenChange = { id: string; parts: readonly string[]; by: string; at: string };

/** OpenChangeLine says that a change of an agent waits for another person, and leads to it. */
export function OpenChangeLine({ open }: { open: ShownOpenChange }) {
  return (
    <p className="border-b border-line py-3" data-open-change={open.id}>
      <Verbatim text={open.by} /> asked to change {joined(open.parts, 0, 'and')}, <Ago at={open.at} />.{' '}
      <Link href={`/changes/${open.id}`} className={link}>
        See what waits for an answer
      </Link>
      . Until it is decided, no other change can be asked for.
    </p>
  );
}
