import { CircleAlert, Users } from 'lucide-react';
import type { Gap, Holder, MatrixView } from '@/lib/raci/schema';
import { holderName, listed, membersOf } from './words';

type Names = Pick<MatrixView, 'people' | 'teams'>;

/** Holders is who stands in one cell: people by name, teams with who is in them; whoever is no longer here is struck out. */
export function Holders({ holders, names }: { holders: readonly Holder[]; names: Names }) {
  if (holders.length === 0) return <span className="text-ink-2">–</span>;
  return (
    <ul className="flex flex-col gap-1">
      {holders.map((holder) => (
        <li key={`${holder.type} ${holder.id}`} className="min-w-0 break-words">
          {holder.type === 'team' ? <TeamName id={holder.id} names={names} /> : <PersonName holder={holder} names={names} />}
        </li>
      ))}
    </ul>
  );
}

function PersonName({ holder, names }: { holder: Holder; names: Names }) {
  const here = names.people.find(({ id }) => id === holder.id)?.active ?? false;
  return here ? holderName(holder, names) : <s className="text-ink-2">{holderName(holder, names)}</s>;
}

function TeamName({ id, names }: { id: string; names: Names }) {
  const members = membersOf(id, names);
  return (
    <>
      <span className="inline-flex items-baseline gap-1.5">
        <Users size={13} aria-label="Team" className="translate-y-[2px] shrink-0 text-ink-2" />
        {holderName({ type: 'team', id }, names)}
      </span>
      {members.length > 0 ? <span className="block text-xs text-ink-2">{listed(members)}</span> : null}
    </>
  );
}

/** GapLines is what is missing in one cell, in red. */
export function GapLines({ gaps }: { gaps: readonly Gap[] }) {
  return gaps.map((gap) => (
    <p key={`${gap.code} ${gap.text}`} className="mt-1 flex gap-1.5 text-danger" data-gap={gap.code}>
      <CircleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
      <span>{gap.text}</span>
    </p>
  ));
}
