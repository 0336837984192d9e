import type { DecisionName, CadenceName, ReviewSubject } from '@/lib/reviews/schema';
import type { ItemRow, Results } from '@/lib/reviews/reading/schema';

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** What each cadence is called where one is begun. */
export const cadenceLabels: Record<CadenceName, string> = {
  high: 'Agents of high or unassessed risk (every quarter)',
  limited: 'Agents of limited risk (every half-year)',
  minimal: 'Agents of minimal risk (every year)',
  policies: 'Policies (every year)',
};

/** What each decision is called and what it does, before it is made. */
export const decisionWords: Record<DecisionName, { label: string; means: Record<ReviewSubject, string>; button: string }> = {
  keep: {
    label: 'Keep as it is',
    means: { agent: 'It goes on with all it may ask for, until its next review.', policy: 'It stays in force as it is, until next year.' },
    button: 'Keep it',
  },
  reduce: {
    label: 'Reduce',
    means: { agent: 'It loses the permissions you choose, at once, and keeps the others.', policy: '' },
    button: 'Take away',
  },
  reassign: {
    label: 'Reassign',
    means: { agent: 'Another person answers for it from now on.', policy: '' },
    button: 'Reassign it',
  },
  decommission: {
    label: 'Decommission',
    means: {
      agent: 'It ends for good: its credentials are revoked and its open requests cancelled, at once. This cannot be undone.',
      policy: '',
    },
    button: 'Decommission it',
  },
  revise: {
    label: 'Revise',
    means: {
      agent: '',
      policy: 'You say what must change. A draft is begun next, and others sign it; until then this version stays in force.',
    },
    button: 'Ask for a revision',
  },
};

/** resultWords lists what a campaign really changed; empty: nothing. */
export function resultWords(results: Results): string[] {
  const { permissionsRemoved, reduced, reassigned, decommissioned, revised, drafts } = results;
  const drafted = drafts === 0 ? 'no draft begun yet' : `${counted(drafts, 'draft')} begun`;
  return [
    permissionsRemoved > 0 ? `${counted(permissionsRemoved, 'permission')} taken from ${counted(reduced, 'agent')}` : '',
    reassigned > 0 ? `${counted(reassigned, 'agent')} reassigned` : '',
    decommissioned > 0 ? `${counted(decommissioned, 'agent')} decommissioned` : '',
    revised > 0 ? `${counted(revised, 'policy', 'policies')} to revise, ${drafted}` : '',
  ].filter((text) => text !== '');
}

/** changeWords says what one decision changed; a decision that changed nothing says so. */
export function changeWords({ decision, changes }: Pick<ItemRow, 'decision' | 'changes'>): string {
  if (decision === null) return '';
  const removed = changes.permissions_removed ?? [];
  if (removed.length > 0) return `Took away ${removed.join(', ')}`;
  if (changes.owner_after !== undefined) return 'Given another owner';
  if (changes.decommissioned) return 'Decommissioned';
  return decision === 'revise' ? 'To be revised' : 'Kept as it is';
}
