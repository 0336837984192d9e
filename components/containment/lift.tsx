'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { reasonLengthMax, type KillView } from '@/lib/containment/schema';
import { useLift } from './queries';

const whyNot: Record<NonNullable<KillView['whyNotLift']>, string> = {
  SAME_PERSON: 'You set this stop, so another person lifts it: a leader or security.',
  NOT_ALLOWED: 'A leader or security lifts it: a second person, never the one who set it.',
  ALREADY_LIFTED: 'It was lifted.',
};

/** LiftForm lets a second person end a stop, with a reason. */
export function LiftForm({ kill }: { kill: KillView }) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const lift = useLift(kill.id);
  if (kill.lifted) return null;
  if (kill.whyNotLift !== null)
    return (
      <p className="text-ink-2" data-why-not-lift={kill.whyNotLift}>
        {whyNot[kill.whyNotLift]}
      </p>
    );
  const send = () => lift.mutate(reason.trim(), { onSuccess: () => router.refresh() });
  return (
    <form
      noValidate
      className="flex max-w-[64ch] flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') send();
      }}
    >
      <TextArea
        label="Why it may go on"
        rows={2}
        maxLength={reasonLengthMax}
        hint="What you looked at, and what was mended. Every further action is checked as any other."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={lift.error} />
      <div>
        <Button type="submit" disabled={reason.trim() === '' || lift.isPending || lift.isSuccess}>
          {lift.isPending || lift.isSuccess ? 'Lifting…' : 'Lift this stop'}
        </Button>
      </div>
    </form>
  );
}
