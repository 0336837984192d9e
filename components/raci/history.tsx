import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { link } from '@/components/ui/link';
import type { MatrixView, ProcessEvent } from '@/lib/raci/schema';
import { Changes } from './changes';
import { listed } from './words';

const fields: Record<string, string> = { name: 'its name', description: 'its description', owner: 'its owner' };

function whatHappened(event: ProcessEvent, view: MatrixView): string {
  if (event.kind === 'process.created') return 'recorded the process; its owner became Accountable for every stage';
  if (event.kind === 'process.changed') return `changed ${listed(event.changed.map((field) => fields[field] ?? field))}`;
  const agent = view.agents.find(({ id }) => id === event.agentId);
  const where = event.agentId === null ? 'the matrix' : `the exceptions for ${agent?.name ?? event.agentId}`;
  return `changed ${where}`;
}

/** ProcessHistory is what was changed of a process and its matrix, by whom, newest first, each with its row of the ledger. */
export function ProcessHistory({ events, view }: { events: readonly ProcessEvent[]; view: MatrixView }) {
  const nameOf = (id: string) => view.people.find((person) => person.id === id)?.name ?? 'Countersign, at set-up,';
  return (
    <ol className="flex flex-col" data-history>
      {events.map((event) => (
        <li key={event.seq} className="grid gap-x-4 gap-y-1 border-b border-line py-3 md:grid-cols-[150px_minmax(0,1fr)]">
          <Link href={`/ledger/${event.eventId}`} className={`text-sm ${link}`}>
            <Ago at={event.at} /> <span className="sr-only">in the ledger</span>
          </Link>
          <div>
            <p className="mb-1">
              <span className="font-medium">{nameOf(event.actorId)}</span> {whatHappened(event, view)}.
            </p>
            {event.changes.length > 0 ? <Changes changes={event.changes} names={view} /> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
