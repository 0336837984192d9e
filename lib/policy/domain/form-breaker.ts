import { z } from 'zod';
import { durationOf, Duration, readDuration } from '@/lib/policy/domain/form-duration';
import type { FormProblem } from '@/lib/policy/domain/form-ladder';
import {
  BREAKER_AT_LEAST_MAX,
  BREAKER_DEFAULTS,
  BREAKER_PAUSE_SECONDS_MAX,
  BREAKER_PAUSE_SECONDS_MIN,
  BREAKER_PROBES_MAX,
  BREAKER_WITHIN_SECONDS_MAX,
  BREAKER_WITHIN_SECONDS_MIN,
  NEVER,
} from '@/lib/policy/schema';
import type { BreakerSection, BreakerShare, BreakerSpend, PolicyKind } from '@/lib/policy/schema';
import { AmountText, Currency } from '@/lib/registry/schema';

/** `unsaid`: another policy, or what holds anyway, says it. */
const Mode = z.enum(['unsaid', 'opens', NEVER]);
const Share = z.object({ mode: Mode, percent: z.string(), atLeast: z.string(), within: Duration });
const Spend = z.object({ mode: Mode, amount: z.string(), currency: z.string(), atLeast: z.string(), within: Duration });

/** FormBreaker is a policy's breaker section as a person types it. */
export const FormBreaker = z.object({ errors: Share, refusals: Share, spend: Spend, pause: Duration, probes: z.string() });
export type FormBreaker = z.infer<typeof FormBreaker>;

/** breakerFormOf writes a section as a form shows it; what it does not say stands ready as it holds anyway. */
export function breakerFormOf(section: BreakerSection | undefined): FormBreaker {
  return {
    errors: shareOf(section?.errors, BREAKER_DEFAULTS.errors),
    refusals: shareOf(section?.refusals, BREAKER_DEFAULTS.refusals),
    spend: spendOf(section?.spend),
    pause: durationOf(section?.pauseSeconds, 'minutes'),
    probes: section?.probes === undefined ? '' : String(section.probes),
  };
}

const modeOf = (said: unknown): FormBreaker['errors']['mode'] => (said === undefined ? 'unsaid' : said === NEVER ? NEVER : 'opens');

function shareOf(said: BreakerSection['errors'], usual: BreakerShare): FormBreaker['errors'] {
  const { percent, atLeast, withinSeconds } = said === undefined || said === NEVER ? usual : said;
  return { mode: modeOf(said), percent: String(percent), atLeast: String(atLeast), within: durationOf(withinSeconds, 'minutes') };
}

function spendOf(said: BreakerSection['spend']): FormBreaker['spend'] {
  const { amount, currency, atLeast, withinSeconds } = said === undefined || said === NEVER ? BREAKER_DEFAULTS.spend : said;
  return { mode: modeOf(said), amount, currency, atLeast: String(atLeast), within: durationOf(withinSeconds, 'minutes') };
}

type Wrong = (path: FormProblem['path'], message: string) => void;
type Part = 'errors' | 'refusals' | 'spend';

/** readBreaker reads the section; undefined when nothing is said in it. */
export function readBreaker(typed: FormBreaker, kind: PolicyKind, wrong: Wrong): BreakerSection | undefined {
  const section: BreakerSection = {};
  for (const part of ['errors', 'refusals'] as const) {
    const said = readShare(typed[part], part, wrong);
    if (said !== undefined) section[part] = said;
  }
  const spend = readSpend(typed.spend, wrong);
  if (spend !== undefined) section.spend = spend;
  const pauseSeconds = readDuration(typed.pause, (message) => wrong(['breaker', 'pause', 'value'], message), {
    min: BREAKER_PAUSE_SECONDS_MIN,
    max: BREAKER_PAUSE_SECONDS_MAX,
    bounds: 'from 10 seconds to 1 day',
  });
  if (pauseSeconds !== undefined) section.pauseSeconds = pauseSeconds;
  if (typed.probes.trim() !== '') section.probes = readCount(typed.probes, BREAKER_PROBES_MAX, ['breaker', 'probes'], wrong);
  if (kind === 'guardrail')
    for (const part of ['errors', 'refusals', 'spend'] as const)
      if (section[part] === NEVER) wrong(['breaker', part, 'mode'], 'A guardrail only tightens, so it cannot say never.');
  return Object.keys(section).length === 0 ? undefined : section;
}

/** breakerAsTyped is the section that is typed so far; undefined while something in it is wrong, or nothing is said. */
export function breakerAsTyped(typed: FormBreaker, kind: PolicyKind): BreakerSection | undefined {
  const problems: string[] = [];
  const section = readBreaker(typed, kind, (_path, message) => problems.push(message));
  return problems.length === 0 ? section : undefined;
}

function readShare(typed: FormBreaker['errors'], part: Part, wrong: Wrong): BreakerShare | typeof NEVER | undefined {
  if (typed.mode !== 'opens') return typed.mode === NEVER ? NEVER : undefined;
  return { percent: readCount(typed.percent, 100, ['breaker', part, 'percent'], wrong), ...readWhen(typed, part, wrong) };
}

function readSpend(typed: FormBreaker['spend'], wrong: Wrong): BreakerSpend | typeof NEVER | undefined {
  if (typed.mode !== 'opens') return typed.mode === NEVER ? NEVER : undefined;
  const [amount, currency] = [typed.amount.trim(), typed.currency.trim()];
  if (!AmountText.safeParse(amount).success)
    wrong(['breaker', 'spend', 'amount'], 'A plain amount such as 50000 or 499.99, without separators.');
  if (!Currency.safeParse(currency).success) wrong(['breaker', 'spend', 'currency'], 'Three capital letters, such as USD.');
  return { amount, currency, ...readWhen(typed, 'spend', wrong) };
}

function readWhen({ atLeast, within }: Pick<FormBreaker['errors'], 'atLeast' | 'within'>, part: Part, wrong: Wrong) {
  const place = (field: string) => ['breaker', part, field];
  const withinSeconds = readDuration(within, (message) => wrong([...place('within'), 'value'], message), {
    min: BREAKER_WITHIN_SECONDS_MIN,
    max: BREAKER_WITHIN_SECONDS_MAX,
    bounds: 'from 10 seconds to 1 hour',
  });
  if (withinSeconds === undefined) wrong([...place('within'), 'value'], 'Say how far it looks back.');
  return { atLeast: readCount(atLeast, BREAKER_AT_LEAST_MAX, place('atLeast'), wrong), withinSeconds: withinSeconds ?? 0 };
}

function readCount(text: string, max: number, path: FormProblem['path'], wrong: Wrong): number {
  const count = /^[0-9]{1,9}$/.test(text.trim()) ? Number(text.trim()) : 0;
  if (count < 1 || count > max) wrong(path, `A whole number from 1 to ${max}.`);
  return count;
}
