'use client';

import { useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField, Tick } from '@/components/ui/field';
import { holdersIn, sameHolder } from '@/lib/raci/domain';
import { holdersPerCellMax, raciRoleTexts, stageTexts, type Holder, type MatrixView, type RaciRole, type Row } from '@/lib/raci/schema';
import { listed, membersOf } from './words';

type Names = Pick<MatrixView, 'people' | 'teams'>;
type Choice = { holder: Holder; name: string; note: string };

/** Names shown before one has to search. */
const shownMax = 60;

/** Everybody who can be chosen for a cell, teams first; the Accountable is a person. Who left and still stands there can only be taken out. */
function choicesOf(row: Row, role: RaciRole, names: Names): Choice[] {
  const held = holdersIn(row, role);
  const people = names.people
    .filter(({ id, active }) => active || held.some((holder) => sameHolder(holder, { type: 'user', id })))
    .map(({ id, name, active, signs }): Choice => {
      const note = active ? (row.stage === 'escalation' && !signs ? 'may not sign' : '') : 'no longer here';
      return { holder: { type: 'user', id }, name, note };
    });
  if (role === 'accountable') return people;
  const teams = names.teams.map(({ id, name }): Choice => {
    const members = membersOf(id, names);
    return { holder: { type: 'team', id }, name, note: members.length === 0 ? 'nobody in it' : `team: ${listed(members)}` };
  });
  return [...teams, ...people];
}

/** CellDialog chooses who stands in one cell: one person as Accountable, else any people and teams. Nothing is saved here. */
export function CellDialog({
  row,
  role,
  names,
  onChoose,
  onClose,
}: {
  row: Row;
  role: RaciRole;
  names: Names;
  onChoose: (row: Row) => void;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<Holder[]>(() => holdersIn(row, role));
  const [search, setSearch] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const choices = useMemo(() => choicesOf(row, role, names), [row, role, names]);
  const wanted = search.trim().toLowerCase();
  const isChosen = (holder: Holder) => chosen.some((other) => sameHolder(other, holder));
  const found = choices.filter(({ name, note }) => `${name} ${note}`.toLowerCase().includes(wanted));
  const shown = found.slice(0, shownMax);
  const single = role === 'accountable';

  const toggle = (holder: Holder): void =>
    setChosen(single ? [holder] : isChosen(holder) ? chosen.filter((other) => !sameHolder(other, holder)) : [...chosen, holder]);
  const use = (): void => {
    const [first] = chosen;
    if (single) onChoose(first ? { ...row, accountable: first.id } : row);
    else onChoose({ ...row, [role]: chosen });
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`${stageTexts[row.stage].title}: ${raciRoleTexts[role].title}`}
      description={single ? 'One person, never a team, who answers for it.' : `Who ${raciRoleTexts[role].about}: people and teams.`}
      focus={field}
    >
      <TextField label="Search" ref={field} value={search} onChange={(event) => setSearch(event.target.value)} placeholder="Name or team" />
      <fieldset className="flex min-h-24 flex-col gap-2 overflow-y-auto">
        <legend className="sr-only">{raciRoleTexts[role].title}</legend>
        {shown.map(({ holder, name, note }) => (
          <Tick
            key={`${holder.type} ${holder.id}`}
            type={single ? 'radio' : 'checkbox'}
            name="holder"
            label={name}
            hint={note}
            checked={isChosen(holder)}
            disabled={!isChosen(holder) && chosen.length >= holdersPerCellMax && !single}
            onChange={() => toggle(holder)}
          />
        ))}
        {shown.length === 0 ? <p className="text-sm text-ink-2">Nobody here is called that.</p> : null}
        {found.length > shown.length ? <p className="text-sm text-ink-2">{found.length - shown.length} more. Type to find them.</p> : null}
      </fieldset>
      <div className="flex justify-end gap-2">
        <Button size="lg" onClick={onClose}>
          Leave as it was
        </Button>
        <Button tone="primary" size="lg" onClick={use} disabled={single && chosen.length === 0}>
          {single ? 'Make Accountable' : chosen.length === 0 ? 'Leave empty' : `Use these ${chosen.length}`}
        </Button>
      </div>
    </Dialog>
  );
}
