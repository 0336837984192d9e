'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useForm, type FieldPath } from 'react-hook-form';
import { ApiProblem, apiGet, apiPost, apiPut } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/page';
import { changesOf, fieldWords } from '@/lib/registry/domain/lifecycle';
import { AgentAnswer } from '@/lib/registry/reading/schema';
import { agentHref } from './address';
import { AgentFormFields, type FormOptions } from './form-fields';
import { EditForm, emptyForm, NewForm, valuesOf, type FormBody, type FormValues } from './form-values';
import { joined } from './words';

/** The fields that the server may find something wrong with. */
const serverFields: FieldPath<FormValues>[] = [
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

type EditProps = { agent: AgentAnswer; options: FormOptions; note: string | null };

/** EditAgentForm changes a record. When somebody else was faster, what was typed stays and what they changed is named. */
export function EditAgentForm({ agent, options, note }: EditProps) {
  const router = useRouter();
  const [base, setBase] = useState(agent);
  const [meanwhile, setMeanwhile] = useState<{ theirs: string[]; both: string[] } | null>(null);
  const form = useForm<FormValues, unknown, FormBody>({ resolver: zodResolver(EditForm), defaultValues: valuesOf(agent) });
  const path = `/api/v1${agentHref(agent.id)}`;
  const save = useSave((body: FormBody) => apiPut(path, { ...body, version: base.version }, AgentAnswer), ['agents', 'ledger']);

  const takeIn = async (typed: FormBody) => {
    // Without an answer the refusal alone is shown, and nothing of the form changes.
    const current = await apiGet(path, AgentAnswer).catch(() => base);
    if (current.version === base.version) return;
    const theirs = changesOf(base, current).map(({ field }) => field);
    const mine = changesOf(base, { ...base, ...typed, ownerId: typed.ownerId ?? base.ownerId }).map(({ field }) => field);
    setMeanwhile({
      theirs: theirs.map((field) => fieldWords[field]),
      both: theirs.filter((field) => mine.includes(field)).map((field) => fieldWords[field]),
    });
    setBase(current);
    form.reset(valuesOf(current), { keepDirtyValues: true });
  };
  const send = form.handleSubmit(async (body) => {
    try {
      await save.mutateAsync(body);
      router.push(agentHref(agent.id));
      router.refresh();
    } catch (error) {
      placeErrors(error, form.setError, serverFields);
      if (error instanceof ApiProblem && error.code === 'CONFLICT') await takeIn(body);
    }
  });
  useLeaveWarning(form.formState.isDirty && !save.isSuccess);
  return (
    <form onSubmit={(event) => void send(event)} noValidate data-agent-form>
      {note === null ? null : (
        <div className="pb-4">
          <Notice>{note}</Notice>
        </div>
      )}
      <Awake>
        <AgentFormFields form={form} options={options} isNew={false} />
      </Awake>
      {meanwhile === null ? null : (
        <div className="pb-3" data-meanwhile>
          <Notice tone="warn">
            Somebody changed {joined(meanwhile.theirs, 0, 'and')} meanwhile; the form shows it now. What you typed is still here
            {meanwhile.both.length === 0 ? '' : `, also over their ${joined(meanwhile.both, 0, 'and')}`}. Look once more, then save again.
          </Notice>
        </div>
      )}
      <Bar
        error={meanwhile !== null && save.error instanceof ApiProblem && save.error.code === 'CONFLICT' ? null : save.error}
        wrong={Object.keys(form.formState.errors).length}
        pending={save.isPending}
        label="Save the record"
        cancel={() => router.push(agentHref(agent.id))}
      />
    </form>
  );
}

function Bar({
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
        <Button size="lg" tone="quiet" onClick={cancel}>
          Leave without saving
        </Button>
      </div>
    </div>
  );
}

const never = () => () => undefined;

/** Awake opens its fields once the page runs: what is typed into a page that does not run yet would be lost. */
function Awake({ children }: { children: ReactNode }) {
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

/** What was typed is not lost by a wrong click: the browser asks first. */
function useLeaveWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
}
