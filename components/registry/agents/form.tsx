'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { apiPost } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { AgentAnswer } from '@/lib/registry/reading/schema';
import { agentHref } from './address';
import { AgentFormFields, type FormOptions } from './form-fields';
import { Awake, Bar, serverFields, useLeaveWarning } from './form-frame';
import { emptyForm, NewForm, type FormBody, type FormValues } from './form-values';

/** NewAgentForm registers an agent. */
export function NewAgentForm({ options }: { options: FormOptions }) {
  const router = useRouter();
  const form = useForm<FormValues, unknown, FormBody>({ resolver: zodResolver(NewForm), defaultValues: emptyForm });
  const save = useSave((body: FormBody) => apiPost('/api/v1/registry/agents', body, AgentAnswer), ['agents', 'ledger']);
  const send = form.handleSubmit((body) =>
    save.mutate(body, {
      onSuccess: ({ id }) => router.push(agentHref(id)),
      onError: (error) => void placeErrors(error, form.setError, serverFields),
    }),
  );
  useLeaveWarning(form.formState.isDirty && !save.isSuccess);
  return (
    <form onSubmit={(event) => void send(event)} noValidate data-agent-form>
      <Awake>
        <AgentFormFields form={form} options={options} isNew />
      </Awake>
      <Bar
        error={save.error}
        wrong={Object.keys(form.formState.errors).length}
        pending={save.isPending}
        label="Register the agent"
        cancel={() => router.push('/registry/agents')}
      />
    </form>
  );
}
