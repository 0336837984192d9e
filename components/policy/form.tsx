'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useForm, useWatch, type FieldPath, type UseFormReturn } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { ApiProblem } from '@/components/live/query';
import { Section } from '@/components/text/facts';
import { Button } from '@/components/ui/button';
import { Choice, TextArea, TextField } from '@/components/ui/field';
import { Notice } from '@/components/ui/page';
import { DraftForm, fieldOf, formOf, readForm } from '@/lib/policy/domain/form';
import { DURATION_UNITS } from '@/lib/policy/domain/form-duration';
import type { DraftPage, FormOptions } from '@/lib/policy/reading/schema';
import { DiscardDialog } from './discard';
import { BreakerFields } from './form-breaker';
import { LaddersFields } from './form-ladders';
import { SelectorFields } from './form-selector';
import { FormPreview } from './form-preview';
import { useSaveDraft, useSubmitDraft } from './queries';
import { listOf } from './words';

type Props = { draft: DraftPage; options: FormOptions };

const kinds = [
  { value: 'default', label: 'Default: a more specific one replaces it' },
  { value: 'guardrail', label: 'Guardrail: always applies, two people sign it' },
];

const whole = (values: DraftForm): DraftForm => values;

/** PolicyForm edits a draft. What it was opened with stays what it is compared with, so that nobody's work is overwritten unseen. */
export function PolicyForm({ draft, options }: Props) {
  const router = useRouter();
  const [opened, setOpened] = useState({ revision: draft.revision, version: draft.version, own: [draft.revision] });
  const [said, setSaid] = useState('');
  const [discarding, setDiscarding] = useState(false);
  const form = useForm<DraftForm>({
    resolver: zodResolver(DraftForm),
    defaultValues: formOf(draft.document, draft.note),
    mode: 'onTouched',
  });
  const save = useSaveDraft(draft.id);
  const submit = useSubmitDraft(draft.id);
  const typed = useWatch({ control: form.control, compute: whole });
  const { isDirty } = form.formState;
  useWarnBeforeLeaving(isDirty);
  const { baseline } = draft.document;
  const fixed = { id: draft.id, version: opened.version, ...(baseline === undefined ? {} : { baseline }) };
  const { overtaken } = draft;
  const changedByOthers = !opened.own.includes(draft.revision) && !save.isPending;

  const keep = async (values: DraftForm): Promise<string | undefined> => {
    setSaid('');
    submit.reset();
    const { policy } = readForm(values, fixed);
    if (policy === null) return undefined;
    try {
      const saved = await save.mutateAsync({
        revision: opened.revision,
        document: policy,
        note: values.note.trim(),
        basedOn: draft.inForce?.version ?? null,
      });
      setOpened({ revision: saved.revision, version: saved.version, own: [...opened.own, saved.revision] });
      // What is typed while it is being saved stays.
      form.reset(values, { keepValues: true });
      return saved.revision;
    } catch (error) {
      placeProblems(error, form);
      return undefined;
    }
  };
  const onSave = form.handleSubmit(async (values) => {
    if (await keep(values)) setSaid('Saved. It changes nothing until it is signed.');
  });
  const onSubmit = form.handleSubmit(async (values) => {
    if (values.note.trim() === '') {
      form.setError('note', { message: 'Say why, so that whoever signs knows.' }, { shouldFocus: true });
      return;
    }
    const revision = isDirty || overtaken ? await keep(values) : opened.revision;
    if (revision === undefined) return;
    await submit.mutateAsync(revision).catch((error: unknown) => placeProblems(error, form));
  });
  const pending = save.isPending || submit.isPending;

  return (
    <form onSubmit={onSave} noValidate className="grid gap-x-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]" data-policy-form>
      <div className="min-w-0">
        <Remarks draft={draft} overtaken={overtaken} changedByOthers={changedByOthers} />
        <Section title="What it is for">
          <div className="flex flex-col gap-4">
            <div className="grid gap-3 sm:grid-cols-2">
              <TextField label="Name" error={form.formState.errors.name?.message} {...form.register('name')} />
              {draft.kindOpen ? <Choice label="Kind" options={kinds} {...form.register('kind')} /> : null}
            </div>
            <SelectorFields form={form} typed={typed} options={options} baseline={baseline === true} />
          </div>
        </Section>
        <LaddersFields form={form} typed={typed} fixed={fixed} options={options} />
        <Times form={form} typed={typed} />
        <BreakerFields form={form} typed={typed.breaker} guardrail={typed.kind === 'guardrail'} />
        <Section title="Why">
          <TextArea
            label="Why it is changed"
            hint="Whoever signs reads this, and it stays with the version."
            error={form.formState.errors.note?.message}
            {...form.register('note')}
          />
        </Section>
      </div>
      <FormPreview typed={typed} fixed={fixed} draft={draft} options={options} />
      <footer className="sticky bottom-0 -mx-4 border-t border-line bg-ground px-4 py-3 md:-mx-6 md:px-6 lg:col-span-2">
        <div className="flex flex-col gap-2">
          <ProblemLine error={save.error ?? submit.error} />
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" size="lg" disabled={pending}>
              {save.isPending ? 'Saving…' : 'Save draft'}
            </Button>
            <Button tone="primary" size="lg" disabled={pending} onClick={onSubmit}>
              {submit.isPending ? 'Sending…' : 'Send for signing'}
            </Button>
            <span role="status" className="text-sm text-ink-2">
              {isDirty ? 'Not saved yet' : said}
            </span>
            <Button tone="quiet" size="lg" className="ml-auto" onClick={() => setDiscarding(true)}>
              Discard
            </Button>
          </div>
        </div>
      </footer>
      <DiscardDialog
        id={draft.id}
        revision={opened.revision}
        open={discarding}
        close={() => setDiscarding(false)}
        done={() => {
          form.reset(typed);
          router.push(draft.inForce ? `/policy/${draft.id}` : '/policy');
        }}
      />
    </form>
  );
}

/** placeProblems puts what the server says of single members beside their fields. */
function placeProblems(error: unknown, form: UseFormReturn<DraftForm>): void {
  if (!(error instanceof ApiProblem)) return;
  for (const { pointer, detail } of error.errors) {
    const field = fieldOf(pointer);
    // fieldOf answers names of this form; one that it does not have is shown in the sentence only.
    if (field !== '') form.setError(field as FieldPath<DraftForm>, { type: 'server', message: detail }, { shouldFocus: true });
  }
}

function useWarnBeforeLeaving(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
}

function Remarks({ draft, overtaken, changedByOthers }: { draft: DraftPage; overtaken: boolean; changedByOthers: boolean }) {
  if (!draft.returned && !overtaken && !changedByOthers) return null;
  return (
    <div className="flex flex-col gap-2 pb-4">
      {draft.returned ? (
        <Notice tone="warn">
          {draft.returned.by} sent it back: <span className="whitespace-pre-wrap">{draft.returned.reason}</span>
        </Notice>
      ) : null}
      {overtaken ? (
        <Notice tone="warn">
          {draft.inForce
            ? `Version ${draft.inForce.version} came into force since this draft was begun. What changes is now told against it; saving carries the draft over.`
            : 'The version this draft was begun from is no longer in force. Saving carries the draft over.'}
        </Notice>
      ) : null}
      {changedByOthers ? (
        <Notice tone="danger">
          Somebody saved this draft since you opened it ({listOf(draft.editors, 'and')} edited it). Yours cannot be saved over it: open it
          in another tab and bring the two together.
        </Notice>
      ) : null}
    </div>
  );
}

const units = DURATION_UNITS.map((value) => ({ value, label: value }));

function Times({ form, typed }: { form: UseFormReturn<DraftForm>; typed: DraftForm }) {
  const { errors } = form.formState;
  const rows = [
    { field: 'sla', label: 'Time to approve', hint: 'Then the request is refused. Empty: 4 hours.' },
    { field: 'window', label: 'Time to undo', hint: 'For what is supervised. Empty: 30 minutes, or what the action type says.' },
  ] as const;
  return (
    <Section title="Times and triggers">
      <div className="grid gap-4 sm:grid-cols-2">
        {rows.map(({ field, label, hint }) => (
          <div key={field} className="grid grid-cols-[minmax(0,1fr)_120px] items-start gap-2">
            <TextField
              label={label}
              inputMode="numeric"
              hint={hint}
              error={errors[field]?.value?.message}
              {...form.register(`${field}.value`)}
            />
            <Choice label="Unit" aria-label={`Unit of the ${label.toLowerCase()}`} options={units} {...form.register(`${field}.unit`)} />
          </div>
        ))}
        <TextArea
          label="Only these triggers may start it"
          optional
          rows={2}
          spellCheck={false}
          hint="One a line, such as schedule:nightly or schedule:*. Empty: any."
          error={errors.triggers?.allowed?.message}
          {...form.register('triggers.allowed')}
        />
        {typed.triggers.allowed.trim() === '' ? null : (
          <Choice
            label="Started by anything else"
            options={[
              { value: 'deny', label: 'denied' },
              { value: '2', label: 'supervised' },
              { value: '3', label: 'approval required' },
              { value: '4', label: 'halted' },
            ]}
            {...form.register('triggers.otherwise')}
          />
        )}
      </div>
    </Section>
  );
}
