import { groupThousands } from '@/lib/kernel/money';
import type { Ladder, RaisedTier, Where } from '@/lib/policy/schema';

const CONSEQUENCE: Record<RaisedTier, string> = {
  2: 'are supervised',
  3: 'need approval',
  4: 'are halted until a senior person decides',
};

/** sentence says in plain words what a ladder asks at a tier, from the action type's title and the policy alone. */
export function sentence(title: string, ladder: Exclude<Ladder, { dimension: 'scope' }>, tier: RaisedTier): string {
  return `${title}${condition(ladder, tier)}${circumstances(ladder.where)} ${CONSEQUENCE[tier]}.`;
}

function condition(ladder: Exclude<Ladder, { dimension: 'scope' }>, tier: RaisedTier): string {
  switch (ladder.dimension) {
    case 'money':
      return ` of ${groupThousands(ladder.tiers[tier] ?? '')} ${ladder.currency} or more`;
    case 'records': {
      const count = ladder.tiers[tier] ?? 0;
      return ` of ${groupThousands(String(count))} ${count === 1 ? 'record' : 'records'} or more`;
    }
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
  if (where === undefined) return '';
  const parts: string[] = [];
  if (where.categories !== undefined) parts.push(`with ${both(where.categories)} data`);
  if (where.regimes !== undefined) parts.push(`under ${both(where.regimes)}`);
  if (where.audience !== undefined) parts.push(where.audience === 'public' ? 'to the public' : 'to an external audience or wider');
  return parts.map((part) => ` ${part}`).join('');
}

const joined = (labels: readonly string[], last: string) => {
  const sorted = [...new Set(labels)].sort();
  return sorted.length < 2 ? sorted.join('') : `${sorted.slice(0, -1).join(', ')} ${last} ${sorted.at(-1)}`;
};
const either = (labels: readonly string[] | undefined) => joined(labels ?? [], 'or');
const both = (labels: readonly string[]) => joined(labels, 'and');
