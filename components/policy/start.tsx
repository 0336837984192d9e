'use client';

import { useRouter } from 'next/navigation';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';

const Started = z.object({ id: z.string(), version: z.int() });

/** StartDraft begins the next version, from the one in force or from an earlier one, and opens its form. */
export function StartDraft({
  id,
  from,
  label,
  tone = 'plain',
}: {
  id: string;
  from?: number;
  label: string;
  tone?: 'plain' | 'primary' | 'quiet';
}) {
  const router = useRouter();
  const start = useSave(() => apiPost(`/api/v1/policy/${id}/draft`, from === undefined ? {} : { from }, Started), ['policy']);
  return (
    <div className="flex flex-col items-end gap-1">
      <Button
        tone={tone}
        disabled={start.isPending}
        onClick={() => start.mutate(undefined, { onSuccess: () => router.push(`/policy/${id}/draft`) })}
      >
        {start.isPending ? 'Starting…' : label}
      </Button>
      <ProblemLine error={start.error} />
    </div>
  );
}
