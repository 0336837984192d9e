import { formatUnits } from '@/lib/kernel/money';
import type { CompiledActionType } from '@/lib/policy/domain/action-type';
import { evaluate } from '@/lib/policy/domain/evaluate';
import type { PolicySet } from '@/lib/policy/domain/policy-set';
import { compileReaders, type BaseMoney, type Read, type Readers } from '@/lib/policy/domain/readers';
import { readRisk } from '@/lib/policy/domain/risk';
import type { Evaluation, RateTable } from '@/lib/policy/schema';
import type { Preview, PreviewReading, PreviewRequest } from '@/lib/policy/schema/preview';
import { explainArguments, type Explained } from '@/lib/registry/domain/arguments';
import { riskGaps } from '@/lib/registry/domain/classification';
import { Classification } from '@/lib/registry/schema';

/** The agent of a preview: it is in no process, has no policy of its own, and is held back by nothing but the action itself. */
const PLAIN_AGENT = { id: 'agt_preview', processId: null, autonomyFloor: 1 } as const;
const UNNAMED = 'unnamed';
const REQUIRED = ['effect', 'reversibility', 'sensitivity', 'audience'] as const;

/** Judged is a preview whose reasons do not name their policies yet. */
export type Judged = Omit<Preview, 'decision'> & { decision: Evaluation | null };

/** previewAction reads every dimension of sample arguments by a classification that need not be whole, and what today's policies would decide. */
export function previewAction(request: PreviewRequest, set: PolicySet): Judged {
  const { parameters, sample, classification, title = 'These actions' } = request;
  const explained = explainArguments(parameters, sample);
  const whole = Classification.safeParse(classification);
  return {
    schemaProblem: explained.ok ? null : `${capital(explained.problem)}.`,
    mismatches: explained.ok ? explained.mismatches : [],
    readings: readingsOf(classification, sample, set.rates),
    gaps: whole.success ? riskGaps(title, whole.data).map(({ text }) => text) : [],
    unsaid: REQUIRED.filter((part) => classification[part] === undefined),
    decision: whole.success && explained.ok ? decide(request, whole.data, explained, set) : null,
  };
}

function decide(request: PreviewRequest, classification: Classification, explained: Explained, set: PolicySet): Evaluation {
  const { name = UNNAMED, title = 'These actions' } = request;
  const { effect, reversibility, reversal } = classification;
  const first = explained.ok ? explained.mismatches[0] : undefined;
  const check = () =>
    first === undefined ? null : { pointer: first.pointer, text: `The value at ${first.pointer || '/'} ${first.text}.` };
  const judged = { effect, reversibility, reversal, check, readers: compileReaders(classification) };
  const type: CompiledActionType = { name, title, version: 1, judged };
  const read = readRisk(type, { arguments: request.sample }, set.rates);
  if (!read.ok) return { verdict: 'deny', tier: null, deciding: [], reasons: [read.reason], policies: [], approvalSlaSeconds: 0 };
  return evaluate(set, { agent: PLAIN_AGENT, type, risk: read.risk, permitted: true, supportsReportOutcome: true });
}

const LEVEL = { constant: 'internal' } as const;

function readingsOf(said: PreviewRequest['classification'], sample: unknown, rates: RateTable): PreviewReading[] {
  // Readers want a whole classification; what is not said is filled in and then not shown.
  const readers = compileReaders({
    ...said,
    effect: said.effect ?? 'execute',
    reversibility: said.reversibility ?? 'irreversible',
    sensitivity: said.sensitivity ?? LEVEL,
    audience: said.audience ?? LEVEL,
  });
  const sources = { arguments: sample };
  const readings: PreviewReading[] = [];
  const add = (dimension: Exclude<PreviewReading['dimension'], 'money'>, read: Read<unknown> | undefined) => {
    if (read !== undefined && said[dimension] !== undefined) readings.push(readingOf(dimension, read));
  };
  if (readers.money !== undefined) readings.push(moneyReading(readers.money(sources, rates), rates));
  for (const dimension of OTHERS) add(dimension, readers[dimension]?.(sources, rates));
  return readings;
}

const OTHERS = [
  'records',
  'sensitivity',
  'audience',
  'categories',
  'regimes',
  'counterparty',
] as const satisfies readonly (keyof Readers)[];

function readingOf(dimension: PreviewReading['dimension'], read: Read<unknown>): PreviewReading {
  if (!read.ok) return { dimension, value: null, money: null, problem: problemOf(read) };
  const value = Array.isArray(read.value) ? (read.value.length === 0 ? 'none' : read.value.join(', ')) : String(read.value);
  return { dimension, value, money: null, problem: null };
}

function moneyReading(read: Read<BaseMoney>, rates: RateTable): PreviewReading {
  if (!read.ok) return { dimension: 'money', value: null, money: null, problem: problemOf(read) };
  const { units, of } = read.value;
  const base = of.currency === rates.base ? null : { amount: formatUnits(units), currency: rates.base, asOf: rates.asOf };
  return { dimension: 'money', value: null, money: { ...of, base }, problem: null };
}

const problemOf = ({ pointer, problem }: { pointer: string; problem: string }): string => `The value at ${pointer} ${problem}.`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
