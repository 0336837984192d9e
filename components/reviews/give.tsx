'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextArea } from '@/components/ui/field';
import { REASON_LENGTH_MAX } from '@/lib/registry/schema';
import { ItemView } from '@/lib/reviews/reading/schema';

const Given = z.object({ id: z.string(), reviewerId: z.string() });

type Props = { id: string; name: string };

/** GiveReviewButton hands one review to another person who can do it. */
export function GiveReviewButton(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="relative z-10" onClick={() => setOpen(true)} aria-label={`Give the review of ${props.name} to another person`}>
        Give to another
      </Button>
      {open ? <GiveDialog {...props} close={() => setOpen(false)} /> : null}
    </>
  );
}

function GiveDialog({ id, name, close }: Props & { close: () => void }) {
  const router = useRouter();
  const back = useRef<HTMLButtonElement>(null);
  const [given, setGiven] = useState({ reviewerId: '', reason: '' });
  const body = { ...given, reason: given.reason.trim() };
  const address = `/api/v1/reviews/items/${id}`;
  const item = useQuery({ queryKey: ['reviews', 'item', id], queryFn: ({ signal }) => apiGet(address, ItemView, signal) });
  const save = useSave(() => apiPost(`${address}/give`, body, Given), ['reviews']);
  const done = () => {
    router.refresh();
    close();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => (next ? undefined : close())}
      title={`Who reviews ${name}?`}
      description="People who are here, may review, and did not build or write what is reviewed."
      focus={back}
    >
      <ReviewerChoice
        people={item.data?.reviewers}
        value={given.reviewerId}
        onChange={(reviewerId) => setGiven({ ...given, reviewerId })}
      />
      <TextArea
        label="Why"
        value={given.reason}
        maxLength={REASON_LENGTH_MAX}
        onChange={(event) => setGiven({ ...given, reason: event.target.value })}
        hint="It stays with the review."
      />
      <ProblemLine error={save.error ?? item.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={back} size="lg" onClick={close}>
          Leave it as it is
        </Button>
        <Button
          size="lg"
          tone="primary"
          disabled={body.reviewerId === '' || body.reason === '' || save.isPending}
          onClick={() => save.mutate(undefined, { onSuccess: done })}
        >
          Give them the review
        </Button>
      </div>
    </Dialog>
  );
}

type ChoiceProps = { people: ItemView['reviewers'] | undefined; value: string; onChange: (id: string) => void };

function ReviewerChoice({ people, value, onChange }: ChoiceProps) {
  return (
    <Choice
      label="Reviewer"
      value={value}
      none={people ? 'Choose a person' : 'Reading who can…'}
      onChange={(event) => onChange(event.target.value)}
      options={(people ?? []).map((person) => ({ value: person.id, label: person.name }))}
      error={people?.length === 0 ? 'Nobody else can review this.' : undefined}
    />
  );
}
