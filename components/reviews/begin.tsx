'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice } from '@/components/ui/field';
import { CadenceName, cadenceNames } from '@/lib/reviews/schema';
import { campaignHref } from './address';
import { cadenceLabels } from './words';

const Begun = z.object({ id: z.string(), items: z.int() });

/** BeginReviewButton begins a campaign now, for who manages reviews. */
export function BeginReviewButton() {
  const router = useRouter();
  const back = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [cadence, setCadence] = useState<CadenceName>('high');
  const save = useSave(() => apiPost('/api/v1/reviews', { cadence }, Begun), ['reviews']);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Begin a review now</Button>
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          save.reset();
        }}
        title="Begin a review now?"
        description="Everything of this kind that is in no open review is given to its reviewer, due in 30 days. Nothing else changes."
        focus={back}
      >
        <Choice
          label="What is reviewed"
          value={cadence}
          onChange={(event) => setCadence(CadenceName.catch('high').parse(event.target.value))}
          options={cadenceNames.map((name) => ({ value: name, label: cadenceLabels[name] }))}
        />
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button ref={back} size="lg" onClick={() => setOpen(false)}>
            Not now
          </Button>
          <Button
            size="lg"
            tone="primary"
            disabled={save.isPending}
            onClick={() => save.mutate(undefined, { onSuccess: ({ id }) => router.push(campaignHref(id)) })}
          >
            Begin the review
          </Button>
        </div>
      </Dialog>
    </>
  );
}
