'use client';

import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import type { FieldPath } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import type { FormValues } from './form-values';

/** serverFields are those that the server may find something wrong with. */
export const serverFields: FieldPath<FormValues>[] = [
  'id',
  'name',
  'purpose',
  'processId',
  'ownerId',
  'sponsorId',
  'technicalOwnerId',
  'successorIds',
  'permissions',
];

/** Bar stays at the foot of the form: what keeps it from being sent, and its two ways out. */
export function Bar({
  error,
  wrong,
  pending,
  label,
  cancel,
}: {
  error: unknown;
  wrong: number;
  pending: boolean;
  label: string;
  cancel: () => void;
}) {
  return (
    <div className="sticky bottom-0 flex flex-col gap-2 border-t border-line bg-ground py-3">
      <ProblemLine error={error} />
      {wrong > 0 ? (
        <p role="status" className="text-sm text-danger">
          {wrong === 1 ? 'One part of the form needs' : `${wrong} parts of the form need`} another look; each says what is wrong.
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" size="lg" disabled={pending}>
          {pending ? 'Saving…' : label}
        </Button>
        <Button size="lg" onClick={cancel}>
          Leave without saving
        </Button>
      </div>
    </div>
  );
}

const never = () => () => undefined;

/** Awake opens its fields once the page runs: what is typed into a page that does not run yet would be lost. */
export function Awake({ children }: { children: ReactNode }) {
  const awake = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset disabled={!awake} className="contents">
      {children}
    </fieldset>
  );
}

/** useLeaveWarning keeps what was typed from being lost by a wrong click: the browser asks first. */
export function useLeaveWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
}
