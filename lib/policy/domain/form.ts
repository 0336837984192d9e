import { z } from 'zod';
import { FormBreaker, breakerFormOf, readBreaker } from '@/lib/policy/domain/form-breaker';
import { Duration, durationOf, readDuration } from '@/lib/policy/domain/form-duration';
import { FormLadder, ladderOf, readLadder, type FormProblem } from '@/lib/policy/domain/form-ladder';
import {
  ActionPattern,
  DURATION_SECONDS_MAX,
  LADDERS_PER_POLICY_MAX,
  NOTE_LENGTH_MAX,
  PATTERNS_PER_POLICY_MAX,
  Policy,
  PolicyKind,
  TriggerPattern,
  ladderKey,
} from '@/lib/policy/schema';
import type { DocumentProblem, Ladder, Selector } from '@/lib/policy/schema';

/** DraftForm is a policy as a person types it: everything is text until it is read. */
export const DraftForm = z
  .object({
    name: z.string(),
    note: z.string(),
    kind: PolicyKind,
    level: z.enum(['organisation', 'process', 'agent']),
    process: z.string(),
    agent: z.string(),
    actions: z.array(z.object({ pattern: z.string() })),
    ladders: z.array(FormLadder),
    sla: Duration,
    window: Duration,
    triggers: z.object({ allowed: z.string(), otherwise: z.enum(['deny', '2', '3', '4']) }),
    breaker: FormBreaker,
  })
  .superRefine((form, context) => {
    for (const { path, message } of readForm(form, UNSAVED).problems) context.addIssue({ code: 'custom', path, message });
  });
export type DraftForm = z.infer<typeof DraftForm>;

/** FixedParts is what a form does not decide. */
export type FixedParts = { id: string; version: number; baseline?: boolean | undefined };
const UNSAVED: FixedParts = { id: 'pol_unsaved', version: 1 };

/** formOf writes a document as a form shows it. */
export function formOf(policy: Policy, note: string): DraftForm {
  const { selector, triggers } = policy;
  return {
    name: policy.name,
    note,
    kind: policy.kind,
    level: selector.level,
    process: selector.level === 'process' ? selector.process : '',
    agent: selector.level === 'agent' ? selector.agent : '',
    actions: selector.actions.map((pattern) => ({ pattern })),
    ladders: policy.ladders.map(ladderOf),
    sla: durationOf(policy.approval?.slaSeconds, 'hours'),
    window: durationOf(policy.reversal?.windowSeconds, 'minutes'),
    triggers: {
      allowed: triggers?.allowed.join('\n') ?? '',
      otherwise: triggers === undefined || triggers.otherwise === 'deny' ? 'deny' : `${triggers.otherwise}`,
    },
    breaker: breakerFormOf(policy.breaker),
  };
}

/** FormReading is the document a form says, as far as it does, and what is wrong beside which field. Without problems the document is a Policy. */
export type FormReading = { policy: Policy | null; problems: FormProblem[] };

/** readForm reads what was typed. Nothing is corrected: what is not understood is a problem beside its field. */
export function readForm(form: DraftForm, fixed: FixedParts): FormReading {
  const problems: FormProblem[] = [];
  const wrong = (path: FormProblem['path'], message: string) => problems.push({ path, message });
  if (form.name.trim() === '') wrong(['name'], 'Give the policy a name.');
  else if (form.name.trim().length > NAME_LENGTH_MAX) wrong(['name'], `At most ${NAME_LENGTH_MAX} characters.`);
  if (form.note.trim().length > NOTE_LENGTH_MAX) wrong(['note'], `At most ${NOTE_LENGTH_MAX} characters.`);
  const selector = readSelector(form, wrong);
  const ladders = readLadders(form, problems);
  const slaSeconds = readDuration(form.sla, (message) => wrong(['sla', 'value'], message), ANY_DURATION);
  const windowSeconds = readDuration(form.window, (message) => wrong(['window', 'value'], message), ANY_DURATION);
  const triggers = readTriggers(form.triggers, wrong);
  const breaker = readBreaker(form.breaker, form.kind, wrong);
  if (problems.length > 0) return { policy: null, problems };
  const parsed = Policy.safeParse({
    id: fixed.id,
    name: form.name.trim(),
    version: fixed.version,
    kind: form.kind,
    ...(fixed.baseline === undefined ? {} : { baseline: fixed.baseline }),
    selector,
    ladders,
    ...(triggers === undefined ? {} : { triggers }),
    ...(slaSeconds === undefined ? {} : { approval: { slaSeconds } }),
    ...(windowSeconds === undefined ? {} : { reversal: { windowSeconds } }),
    ...(breaker === undefined ? {} : { breaker }),
  });
  if (parsed.success) return { policy: parsed.data, problems };
  return { policy: null, problems: parsed.error.issues.map(({ message }) => ({ path: ['name'], message })) };
}
const NAME_LENGTH_MAX = 200;
const ANY_DURATION = { min: 1, max: DURATION_SECONDS_MAX, bounds: 'at most 90 days in all' };

type Wrong = (path: FormProblem['path'], message: string) => void;

function readSelector(form: DraftForm, wrong: Wrong): Selector {
  const actions = form.actions.map(({ pattern }) => pattern.trim());
  if (actions.length === 0) wrong(['actions'], 'Name at least one action.');
  if (actions.length > PATTERNS_PER_POLICY_MAX) wrong(['actions'], `At most ${PATTERNS_PER_POLICY_MAX} patterns.`);
  actions.forEach((pattern, index) => {
    if (!ActionPattern.safeParse(pattern).success)
      wrong(['actions', index, 'pattern'], 'A name such as payments.schedule, a prefix such as payments.*, or * for everything.');
    else if (actions.indexOf(pattern) < index) wrong(['actions', index, 'pattern'], 'This is there already.');
  });
  if (form.level === 'process' && form.process === '') wrong(['process'], 'Choose the process.');
  if (form.level === 'agent' && form.agent === '') wrong(['agent'], 'Choose the agent.');
  if (form.level === 'process') return { level: 'process', process: form.process, actions };
  if (form.level === 'agent') return { level: 'agent', agent: form.agent, actions };
  return { level: 'organisation', actions };
}

function readLadders(form: DraftForm, problems: FormProblem[]): Ladder[] {
  if (form.ladders.length > LADDERS_PER_POLICY_MAX)
    problems.push({ path: ['ladders'], message: `At most ${LADDERS_PER_POLICY_MAX} ladders.` });
  const seen = new Set<string>();
  return form.ladders.flatMap((typed, index) => {
    const { ladder, problems: own } = readLadder(typed);
    for (const { path, message } of own) problems.push({ path: ['ladders', index, ...path], message });
    if (ladder === null) return [];
    const key = ladderKey(ladder);
    if (seen.has(key))
      problems.push({ path: ['ladders', index, 'dimension'], message: 'There is a ladder for this in the same circumstances already.' });
    seen.add(key);
    return [ladder];
  });
}

function readTriggers({ allowed, otherwise }: DraftForm['triggers'], wrong: Wrong): Policy['triggers'] {
  const patterns = allowed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (patterns.length === 0) return undefined;
  if (!patterns.every((pattern) => TriggerPattern.safeParse(pattern).success))
    wrong(['triggers', 'allowed'], 'One trigger a line, such as schedule:nightly or schedule:*.');
  const raised = { '2': 2, '3': 3, '4': 4 } as const;
  return { allowed: patterns, otherwise: otherwise === 'deny' ? 'deny' : raised[otherwise] };
}

/** fieldOf answers the form's field for a place in the document, dotted; '' for none. */
export function fieldOf(pointer: DocumentProblem['pointer']): string {
  const parts = pointer.replace(/^(\/document)?\/?/, '').split('/');
  const [first = '', second, third, fourth] = parts;
  if (first === 'selector')
    return second === 'actions' ? (third === undefined ? 'actions' : `actions.${third}.pattern`) : (second ?? 'level');
  if (first === 'approval') return 'sla.value';
  if (first === 'reversal') return 'window.value';
  if (first === 'triggers') return 'triggers.allowed';
  if (first === 'breaker') return breakerField(second, third);
  if (first !== 'ladders' || second === undefined) return first;
  if (third === 'tiers') return `ladders.${second}.tier${fourth ?? '2'}`;
  if (third === 'where') return `ladders.${second}.${fourth ?? 'effect'}`;
  return `ladders.${second}.${third ?? 'dimension'}`;
}

const BREAKER_PARTS: readonly (string | undefined)[] = ['errors', 'refusals', 'spend'];

function breakerField(part: string | undefined, member: string | undefined): string {
  if (part === 'probes') return 'breaker.probes';
  if (!BREAKER_PARTS.includes(part)) return 'breaker.pause.value';
  if (member === 'withinSeconds') return `breaker.${part}.within.value`;
  return `breaker.${part}.${member ?? 'mode'}`;
}
