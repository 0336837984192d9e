import type { DrillOutcome, DrillPlanView, DrillView, DrillWhy } from '@/lib/containment/schema';
import { took } from './words';

/** How a drill ended, with a shape that needs no colour. */
export const outcomeWords: Record<DrillOutcome, { shape: string; word: string; tone: string }> = {
  passed: { shape: '●', word: 'Passed', tone: 'text-live' },
  slow: { shape: '▲', word: 'Slow', tone: 'text-tier-3' },
  failed: { shape: '■', word: 'Failed', tone: 'text-danger' },
  aborted: { shape: '○', word: 'Not run', tone: 'text-ink-2' },
};

const whyWords: Record<DrillWhy, string> = {
  NO_GATEWAY: 'No gateway was alive, so there was nothing to measure.',
  ALREADY_STOPPED: 'The agent was stopped already.',
  NOT_CONFIRMED:
    'Nobody who is here and may say so said that this agent, which is in service, may really stop. End the plan and plan it anew.',
  AGENT_ENDED: 'The agent is at its end. The plan ended with it.',
};

const gateways = (count: number): string =>
  count === 1 ? 'the gateway' : count === 2 ? 'both gateways' : `all ${count.toLocaleString('en')} gateways`;

/** What a drill showed, in a sentence. */
export function whatItShowed({ outcome, why, lastMs, gateways: asked, silent }: DrillView): string {
  if (outcome === null) return 'Gateways are waited for.';
  if (why !== null) return whyWords[why];
  if (silent.length > 0) return `${new Intl.ListFormat('en').format(silent)} stayed silent.`;
  return `${took(lastMs ?? 0)} until ${gateways(asked.length)} had acknowledged.`;
}

const hour = (of: number): string => `${String(of).padStart(2, '0')}:00`;

/** How often a plan stops its agent, and in which hours. */
export const everyWords = ({ everyDays, window }: Pick<DrillPlanView, 'everyDays' | 'window'>): string =>
  `${everyDays === 1 ? 'Every day' : `Every ${everyDays} days`}${window === null ? '' : `, ${hour(window.fromHour)} to ${hour(window.toHour)} UTC`}`;

export const hours = Array.from({ length: 24 }, (_, of) => ({ value: String(of), label: hour(of) }));
