'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { ChangeReason } from '@/components/lifecycle/change-reason';
import { OpenChangeLine, type ShownOpenChange } from '@/components/lifecycle/open-change';
import { ApiProblem, apiGet, apiPost, apiPut } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Notice } from '@/components/ui/page';
import { ChangeAnswer } from '@/lib/lifecycle/schema/change-requests';
import { changesOf, fieldWords, partsOf, partText, type EditedPart } from '@/lib/registry/domain/lifecycle';
import { AgentAnswer } from '@/lib/registry/reading/schema';
import type { AgentFields } from '@/lib/registry/schema';
import { agentHref } from './address';
import { AgentFormFields, type AgentFormState, type FormOptions } from './form-fields';
import { Awake, Bar, serverFields, useLeaveWarning } from './form-frame';
import { EditForm, valuesOf, type FormBody, type FormValues } from './form-values';
import { joined } from './words';

type Props = {
  agent: AgentAnswer;
  options: FormOptions;
  /** The parts that this person asks for, and another approves. */
  asks: readonly EditedPart[];
  /** What is asked of the agent already. */
  open: ShownOpenChange | null;
  /** The record as an earlier request wanted it, to begin from. */
  asked: AgentAnswer | null;
};

type Meanwhile = { theirs: string[]; both: string[] };

/**
 * EditAgentForm changes a record, or asks for the change where another person has to agree. When somebody else was faster, what was typed stays and
 * what they changed is named.
 */
export function EditAgentForm({ agent, options, asks, open, asked }: Props) {
  const router = useRouter();
  const [base, setBase] = useState(agent);
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  const [reason, setReason] = useState('');
  const [unsaid, setUnsaid] = useState(false);
  const form = useForm<FormValues, unknown, FormBody>({ resolver: zodResolver(EditForm), defaultValues: valuesOf(agent) });
  useEffect(() => {
    if (asked !== null) form.reset(valuesOf(asked), { keepDefaultValues: true });
  }, [asked, form]);
  const parts = useParts(form, base);
  const second = parts.filter((part) => asks.includes(part));
  const { save, send: sendTo } = useSend(agent.id, base.version);
  const takeIn = async (typed: FormBody) => {
    // Without an answer the refusal alone is shown, and nothing of the form changes.
    const current = await apiGet(`/api/v1${agentHref(agent.id)}`, AgentAnswer).catch(() => base);
    if (current.version === base.version) return;
    setMeanwhile(meanwhileOf(base, current, { ...typed, ownerId: typed.ownerId ?? base.ownerId }));
    setBase(current);
    form.reset(valuesOf(current), { keepDirtyValues: true });
  };
  const send = form.handleSubmit(async (body) => {
    const missing = second.length > 0 && reason.trim() === '';
    setUnsaid(missing);
    if (missing) return;
    try {
      router.push(await sendTo(body, second.length > 0 ? reason : null));
      router.refresh();
    } catch (error) {
      placeErrors(error, form.setError, serverFields);
      if (error instanceof ApiProblem && error.code === 'CONFLICT') await takeIn(body);
    }
  });
  useLeaveWarning(form.formState.isDirty && !save.isSuccess);
  return (
    <form onSubmit={(event) => void send(event)} noValidate data-agent-form>
      {open === null ? null : <OpenChangeLine open={open} />}
      <Awake>
        <AgentFormFields form={form} options={options} isNew={false} asks={asks} />
        {second.length === 0 ? null : (
          <ChangeReason words={second.map(partText)} value={reason} onChange={setReason} unsaid={unsaid && reason.trim() === ''} />
        )}
      </Awake>
      {meanwhile === null ? null : <MeanwhileNotice {...meanwhile} />}
      <Bar
        error={meanwhile !== null && save.error instanceof ApiProblem && save.error.code === 'CONFLICT' ? null : save.error}
        wrong={Object.keys(form.formState.errors).length}
        pending={save.isPending}
        label={second.length === 0 ? 'Save the record' : 'Ask for this change'}
        cancel={() => router.push(agentHref(agent.id))}
      />
    </form>
  );
}

/** The parts that differ from the record as it stands; none while what is typed is no record. */
function useParts({ control }: AgentFormState, base: AgentAnswer): EditedPart[] {
  const typed = EditForm.safeParse(useWatch({ control }));
  return typed.success ? partsOf(changesOf(base, typed.data)) : [];
}

/** Saves the record, or with a reason asks for it; answers where to go then. */
function useSend(id: string, version: number) {
  const save = useSave(
    async ({ body, reason }: { body: FormBody; reason: string | null }): Promise<string> => {
      if (reason === null) {
        await apiPut(`/api/v1${agentHref(id)}`, { ...body, version }, AgentAnswer);
        return agentHref(id);
      }
      const asked = await apiPost('/api/v1/lifecycle/changes', { agent: id, version, fields: body, reason }, ChangeAnswer);
      return `/changes/${asked.id}`;
    },
    ['agents', 'changes', 'ledger'],
  );
  return { save, send: (body: FormBody, reason: string | null) => save.mutateAsync({ body, reason }) };
}

function meanwhileOf(base: AgentAnswer, current: AgentAnswer, typed: AgentFields): Meanwhile {
  const theirs = changesOf(base, current).map(({ field }) => field);
  const mine = changesOf(base, typed).map(({ field }) => field);
  return {
    theirs: theirs.map((field) => fieldWords[field]),
    both: theirs.filter((field) => mine.includes(field)).map((field) => fieldWords[field]),
  };
}

function MeanwhileNotice({ theirs, both }: Meanwhile) {
  return (
    <div className="pb-3" data-meanwhile>
      <Notice tone="warn">
        Somebody changed {joined(theirs, 0, 'and')} meanwhile; the form shows it now. What you typed is still here
        {both.length === 0 ? '' : `, also over their ${joined(both, 0, 'and')}`}. Look once more, then save again.
      </Notice>
    </div>
  );
}
