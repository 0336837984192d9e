'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { useKeys } from '@/components/keys/provider';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Choice, TextArea } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { REASON_LENGTH_MAX } from '@/lib/registry/schema';
import type { ItemView } from '@/lib/reviews/reading/schema';
import { ReviewChanges, type DecisionName, type ReviewSubject } from '@/lib/reviews/schema';
import { itemHref } from './address';
import { PermissionTicks } from './ticks';
import { counted, decisionWords } from './words';

const Decided = z.object({ id: z.string(), changes: ReviewChanges });

type Shown = Pick<ItemView, 'item' | 'agent' | 'may' | 'sayWhy' | 'owners'>;

/** What the reviewer has chosen and written so far, and whether it can be sent as it is. */
function useChoice({ agent, sayWhy }: Shown) {
  const permissions = agent?.permissions ?? [];
  const [decision, setDecision] = useState<DecisionName | undefined>();
  const [chosen, setChosen] = useState(() => permissions.filter(({ uses }) => uses === 0).map(({ action }) => action));
  const [ownerId, setOwner] = useState('');
  const [note, setNote] = useState('');
  const needsWords = decision !== undefined && sayWhy.includes(decision);
  const body = {
    decision,
    note: note.trim(),
    ...(decision === 'reduce' ? { permissions: chosen } : {}),
    ...(decision === 'reassign' ? { ownerId } : {}),
  };
  const isWhole = (decision !== 'reduce' || chosen.length > 0) && (decision !== 'reassign' || ownerId !== '');
  const ready = decision !== undefined && isWhole && (!needsWords || body.note !== '');
  return { permissions, decision, setDecision, chosen, setChosen, ownerId, setOwner, note, setNote, needsWords, body, ready };
}

type Choosing = ReturnType<typeof useChoice>;

/** Decision is where a reviewer decides one item; the choice says what it will change before it is made. */
export function Decision({ view }: { view: Shown }) {
  const router = useRouter();
  const { item, may, owners } = view;
  const choosing = useChoice(view);
  const { decision, setDecision, chosen, body, ready } = choosing;
  const save = useSave(() => apiPost(`/api/v1/reviews/items/${item.id}/decide`, body, Decided), ['reviews', 'agents']);
  return (
    <form
      aria-label="Decide"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save.mutate(undefined, { onSuccess: () => router.refresh() });
      }}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">What shall become of it?</legend>
        {may.map((one) => (
          <Option key={one} name={one} subject={item.subject.type} chosen={decision === one} onChoose={() => setDecision(one)} />
        ))}
      </fieldset>
      <Details choosing={choosing} owners={owners} />
      <ProblemLine error={save.error} />
      <Button type="submit" size="lg" tone={decision === 'decommission' ? 'danger' : 'primary'} disabled={!ready || save.isPending}>
        {buttonWords(decision, chosen.length)}
      </Button>
    </form>
  );
}

/** What a decision needs to know besides itself. */
function Details({ choosing, owners }: { choosing: Choosing; owners: ItemView['owners'] }) {
  const { decision, permissions, chosen, setChosen, ownerId, setOwner, note, setNote, needsWords } = choosing;
  if (decision === undefined) return null;
  return (
    <>
      {decision === 'reduce' ? <PermissionTicks permissions={permissions} chosen={chosen} onChange={setChosen} /> : null}
      {decision === 'reassign' ? (
        <Choice
          label="Who answers for it"
          value={ownerId}
          none="Choose a person"
          onChange={(event) => setOwner(event.target.value)}
          options={owners.map(({ id, name }) => ({ value: id, label: name }))}
        />
      ) : null}
      <TextArea
        label={needsWords ? 'Why' : 'Note'}
        optional={!needsWords}
        value={note}
        maxLength={REASON_LENGTH_MAX}
        onChange={(event) => setNote(event.target.value)}
        hint="It stays with the decision."
      />
    </>
  );
}

type OptionProps = { name: DecisionName; subject: ReviewSubject; chosen: boolean; onChoose: () => void };

function Option({ name, subject, chosen, onChoose }: OptionProps) {
  const { label, means } = decisionWords[name];
  return (
    <label className="flex items-start gap-2 font-medium">
      <input
        type="radio"
        name="decision"
        value={name}
        checked={chosen}
        onChange={onChoose}
        className="mt-[3px] size-4 shrink-0 accent-(--accent)"
      />
      <span className="min-w-0">
        {label}
        <span className="block text-sm font-normal text-ink-2">{means[subject]}</span>
      </span>
    </label>
  );
}

function buttonWords(decision: DecisionName | undefined, chosen: number): string {
  if (decision === undefined) return 'Choose what to decide';
  return decision === 'reduce' ? `${decisionWords.reduce.button} ${counted(chosen, 'permission')}` : decisionWords[decision].button;
}

/** Beside leads to the reviewer's items before and after this one, also with j and k. */
export function Beside({ previous, next }: Pick<ItemView, 'previous' | 'next'>) {
  const router = useRouter();
  useKeys({
    ...(next === null ? {} : { next: () => router.push(itemHref(next)) }),
    ...(previous === null ? {} : { previous: () => router.push(itemHref(previous)) }),
  });
  if (previous === null && next === null) return null;
  return (
    <nav aria-label="Other reviews" className="flex gap-4 text-sm">
      {previous === null ? null : (
        <Link href={itemHref(previous)} prefetch={false} className={link}>
          Previous review
        </Link>
      )}
      {next === null ? null : (
        <Link href={itemHref(next)} prefetch={false} className={link}>
          Next review
        </Link>
      )}
    </nav>
  );
}
