import { groupThousands } from '@/lib/kernel/money';
import type { Ladder, RaisedTier, Where } from '@/lib/policy/schema';

/** ComparingLadder is a ladder whose tiers begin somewhere; the scope ladder has no such place. */
export type ComparingLadder = Exclude<Ladder, { dimension: 'scope' }>;

const CONSEQUENCE: Record<RaisedTier, string> = {
  2: 'are supervised',
  3: 'need approval',
  4: 'are halted until a senior person decides',
};

/** sentence says in plain words what a ladder asks at a tier, from the action type's title and the policy alone. */
export function sentence(title: string, ladder: ComparingLadder, tier: RaisedTier): string {
  return `${title}${condition(ladder, tier)}${circumstances(ladder.where)} ${CONSEQUENCE[tier]}.`;
}

const EFFECT_GROUPS: Record<NonNullable<Where['effect']>, string> = {
  above_read: 'except reads',
  write: 'only writes',
  delete: 'only deletions',
  send: 'only what is sent',
  execute: 'only executions',
};

/**
 * ladderSentence says all of a ladder in one sentence: "Payments of 500 USD or more are supervised; of 50,000 USD or more need approval." `subject` is
 * what the policy is for (selectorSubject).
 */
export function ladderSentence(subject: string, ladder: Ladder): string {
  if (ladder.dimension === 'scope') return `${subject} outside the agent's declared scope ${CONSEQUENCE[4]}.`;
  const group = ladder.where?.effect === undefined ? '' : ` (${EFFECT_GROUPS[ladder.where.effect]})`;
  const where = circumstances(ladder.where);
  const parts = ([2, 3, 4] as const)
    .filter((tier) => ladder.tiers[tier] !== undefined)
    .map((tier, index) => `${condition(ladder, tier).trim()}${index === 0 ? where : ''} ${CONSEQUENCE[tier]}`);
  return `${subject}${group} ${parts.join('; ')}.`;
}

/** stepWords says where a tier of a ladder begins: `500 USD`, `pii or phi`, `below 0.8`; null when it has no such tier. */
export function stepWords(ladder: Ladder, tier: RaisedTier): string | null {
  if (ladder.dimension === 'scope') return tier === 4 ? 'always' : null;
  if (ladder.tiers[tier] === undefined) return null;
  switch (ladder.dimension) {
    case 'money':
      return `${groupThousands(ladder.tiers[tier] ?? '')} ${ladder.currency}`;
    case 'records':
      return recordCount(ladder.tiers[tier] ?? 0);
    case 'categories':
    case 'regimes':
      return either(ladder.tiers[tier]);
    case 'confidence':
      return `below ${ladder.tiers[tier]}`;
    default:
      return String(ladder.tiers[tier]);
  }
}

/** whereWords says when a ladder applies, for a table: `except reads, with pii data`; empty when always. */
export function whereWords(where: Where | undefined): string {
  if (where === undefined) return '';
  const group = where.effect === undefined ? [] : [EFFECT_GROUPS[where.effect]];
  return [...group, ...circumstanceParts(where)].join(', ');
}

/** selectorSubject names what a policy's patterns cover, as a sentence begins: `Payments`, `Vendor payments and refunds`, `Actions`. */
export function selectorSubject(actions: readonly string[], titles: ReadonlyMap<string, string>): string {
  if (actions.length === 0 || actions.includes('*')) return 'Actions';
  if (actions.length > SUBJECTS_NAMED_MAX) return `Actions of ${actions.length} patterns`;
  const nouns = actions.map((pattern) => patternNoun(pattern, titles));
  return nouns.map((noun, index) => (index === 0 ? noun : uncapitalised(noun))).reduce(joinedPair);
}
const SUBJECTS_NAMED_MAX = 3;

function joinedPair(before: string, noun: string, index: number, all: readonly string[]): string {
  return index === all.length - 1 ? `${before} and ${noun}` : `${before}, ${noun}`;
}

function patternNoun(pattern: string, titles: ReadonlyMap<string, string>): string {
  if (!pattern.endsWith('.*')) return titles.get(pattern) ?? `Actions named ${pattern}`;
  const prefix = pattern.slice(0, -2);
  // A prefix that is a plain plural reads as what it covers; any other is named as it is.
  return /^[a-z]{3,}s$/.test(prefix) ? `${prefix.charAt(0).toUpperCase()}${prefix.slice(1)}` : `Actions under ${prefix}`;
}

const uncapitalised = (noun: string) => (/^[A-Z][a-z]/.test(noun) ? `${noun.charAt(0).toLowerCase()}${noun.slice(1)}` : noun);

const DURATION_UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** durationWords writes seconds as people say them: `4 hours`, `1 day 12 hours`. */
export function durationWords(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [unit, size] of DURATION_UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}

/** recordCount writes how many records: `1 record`, `1,000 records`. */
export const recordCount = (count: number): string => `${groupThousands(String(count))} ${count === 1 ? 'record' : 'records'}`;

function condition(ladder: ComparingLadder, tier: RaisedTier): string {
  switch (ladder.dimension) {
    case 'money':
      return ` of ${groupThousands(ladder.tiers[tier] ?? '')} ${ladder.currency} or more`;
    case 'records':
      return ` of ${recordCount(ladder.tiers[tier] ?? 0)} or more`;
    case 'sensitivity':
      return ladder.tiers[tier] === 'restricted' ? ' with restricted data' : ` with ${ladder.tiers[tier]} data or above`;
    case 'categories':
      return ` that touch ${either(ladder.tiers[tier])} data`;
    case 'reversibility':
      return { reversible: ' of any kind', compensable: ' that can at best be compensated', irreversible: ' that cannot be undone' }[
        ladder.tiers[tier] ?? 'irreversible'
      ];
    case 'regimes':
      return ` under ${either(ladder.tiers[tier])}`;
    case 'audience':
      return ladder.tiers[tier] === 'public' ? ' to the public' : ` to an ${ladder.tiers[tier]} audience or wider`;
    case 'confidence':
      return ` proposed with confidence below ${ladder.tiers[tier]}`;
  }
}

function circumstances(where: Where | undefined): string {
  return where === undefined
    ? ''
    : circumstanceParts(where)
        .map((part) => ` ${part}`)
        .join('');
}

function circumstanceParts(where: Pick<Where, 'categories' | 'regimes' | 'audience'>): string[] {
  const parts: string[] = [];
  if (where.categories !== undefined) parts.push(`with ${both(where.categories)} data`);
  if (where.regimes !== undefined) parts.push(`under ${both(where.regimes)}`);
  if (where.audience !== undefined) parts.push(where.audience === 'public' ? 'to the public' : 'to an external audience or wider');
  return parts;
}

const joined = (labels: readonly string[], last: string) => {
  const sorted = [...new Set(labels)].sort();
  return sorted.length < 2 ? sorted.join('') : `${sorted.slice(0, -1).join(', ')} ${last} ${sorted.at(-1)}`;
};
/** either joins labels of which one is enough: `gdpr or sox`. */
export const either = (labels: readonly string[] | undefined): string => joined(labels ?? [], 'or');
const both = (labels: readonly string[]) => joined(labels, 'and');
