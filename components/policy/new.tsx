'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Choice, TextField } from '@/components/ui/field';
import { PolicyKind } from '@/lib/policy/schema';

const Form = z.object({ name: z.string().trim().min(1, 'Give the policy a name.').max(200, 'At most 200 characters.'), kind: PolicyKind });
type Form = z.infer<typeof Form>;
const Started = z.object({ id: z.string(), version: z.int() });

const kinds = [
  { value: 'default', label: 'Default: one other person signs' },
  { value: 'guardrail', label: 'Guardrail: two others sign' },
];

/** NewPolicyForm begins a policy as a draft, and goes on in its form. */
export function NewPolicyForm() {
  const router = useRouter();
  const { register, handleSubmit, formState } = useForm<Form>({
    resolver: zodResolver(Form),
    defaultValues: { name: '', kind: 'default' },
  });
  const create = useSave((body: Form) => apiPost('/api/v1/policy', body, Started), ['policy']);
  const send = handleSubmit((values) => create.mutate(values, { onSuccess: ({ id }) => router.push(`/policy/${id}/draft`) }));
  return (
    <form onSubmit={send} noValidate className="flex max-w-xl flex-col gap-4">
      <TextField
        label="Name"
        hint="As people will read it in decisions, such as Vendor payments."
        error={formState.errors.name?.message}
        {...register('name')}
      />
      <Choice
        label="Kind"
        options={kinds}
        hint="A default gives way to a more specific one; a guardrail always applies and nothing loosens it. The kind cannot be changed once it was in force."
        {...register('kind')}
      />
      <ProblemLine error={create.error} />
      <Button type="submit" tone="primary" size="lg" className="w-fit" disabled={create.isPending}>
        {create.isPending ? 'Starting…' : 'Start the draft'}
      </Button>
    </form>
  );
}
