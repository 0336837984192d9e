import { formatUnits, decimalUnits, groupThousands } from '@/lib/kernel/money';
import type { EffectiveTiers } from '@/lib/policy/domain/effective';
import type { AutonomyFloor } from '@/lib/registry/schema';
import { floorWords } from './words';

/** How many action types the line names. */
const namedMax = 2;

/** aloneWords is what an agent may do with nobody told or asked, in a few words: what moves money first, with how much. */
export function aloneWords(floor: AutonomyFloor, tiers: readonly EffectiveTiers[]): string {
  if (floor > 1)
    return floor === 2 ? 'nothing unseen: people are told of all it does' : `nothing: ${floorWords[floor].replace(/^.*: /, '')}`;
  const alone = tiers.filter(({ lowest }) => lowest === 1).toSorted((left, right) => weight(left) - weight(right));
  if (alone.length === 0) return 'nothing';
  const named = alone.slice(0, namedMax).map(({ title, aloneUpTo }) => `${title}${upTo(aloneUpTo)}`);
  const more = alone.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(' and ');
}

const weight = ({ aloneUpTo }: EffectiveTiers): number => (aloneUpTo === null ? 1 : 0);

function upTo(alone: EffectiveTiers['aloneUpTo']): string {
  if (alone === null) return '';
  if (alone === 'any') return ' of any amount';
  const units = decimalUnits(alone.amount);
  return ` up to ${groupThousands(units === null ? alone.amount : formatUnits(units, 2))} ${alone.currency}`;
}
