import type { MaturityStage, ScopeType } from '../../schema';
import type { Facts } from '../facts';

/** CriterionGap is one thing missing for a criterion: the sentence, the accounts that can close it, where they do, and what it is about. */
export type CriterionGap = { text: string; who: readonly string[]; href: string; subject: { type: string; id: string } };

/** Measured is what a criterion read. A share is 0 to 1; `n` is of how many things or records; nothing to read is never met. */
export type Measured = { met: boolean; value: number; target: number; n: number; unit: 'count' | 'share'; gaps: CriterionGap[] };

type Declared = {
  id: string;
  stage: Exclude<MaturityStage, 1>;
  /** Of what it is asked. */
  scopes: readonly ScopeType[];
  title: string;
  /** What counts, in a sentence. */
  counts: string;
  /** The page that lists its records, narrowed to the scope where it can be. */
  evidence: (facts: Facts) => string;
};

/** Criterion is one row of the table: read from records, or a sensor that this version does not have, which is listed and left out. */
export type Criterion = Declared & ({ read: (facts: Facts) => Measured } | { sensor: 'to come'; why: string });
export type ReadCriterion = Extract<Criterion, { read: unknown }>;

export const isRead = (criterion: Criterion): criterion is ReadCriterion => 'read' in criterion;

/** at is a page that is the same for every scope. */
export const at = (path: string) => (): string => path;

/** listAt is a list that can be narrowed to a process or an agent, and, with `days`, to what is not older. */
export const listAt =
  (path: string, query: Record<string, string> = {}, days?: number) =>
  ({ scope, now }: Facts): string => {
    const search = new URLSearchParams(query);
    if (days !== undefined) search.set('from', new Date(now.getTime() - days * 86_400_000).toISOString());
    if (scope.type !== 'organisation') search.set(scope.type, scope.id);
    return search.size === 0 ? path : `${path}?${search.toString()}`;
  };

/** inventoryAt is the inventory of a scope's agents, or the one agent. */
export const inventoryAt = (facts: Facts): string =>
  facts.scope.type === 'agent' ? `/registry/agents/${facts.scope.id}` : listAt('/registry/agents')(facts);

/** everyOne is met when every one of some units has no gap, and there is at least one; `nothing` is the gap where there is none. */
export function everyOne<Unit>(units: readonly Unit[], gapsOf: (unit: Unit) => CriterionGap[], nothing: () => CriterionGap): Measured {
  const found = units.map(gapsOf);
  const whole = found.filter((gaps) => gaps.length === 0).length;
  const gaps = units.length === 0 ? [nothing()] : found.flat();
  return { met: units.length > 0 && whole === units.length, value: whole, target: units.length, n: units.length, unit: 'count', gaps };
}

/** shareOf is met when a share of some records reaches its target, and there are records. */
export function shareOf(part: number, n: number, target: number, gaps: CriterionGap[]): Measured {
  const value = n === 0 ? 0 : part / n;
  const met = n > 0 && value >= target;
  return { met, value, target, n, unit: 'share', gaps: met ? [] : gaps };
}
