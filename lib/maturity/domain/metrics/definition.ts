import type { MetricCounts, MetricId, Scope, Standing } from '../../schema';

/** Window is what a metric was read over: instants as RFC 3339. */
export type Window = { scope: Scope; days: number; since: string };

/** A count, with the address of the page that lists exactly its rows, or why there is none. */
export type Part = { label: string; count: (counts: MetricCounts) => number; href?: (window: Window) => string | null; why?: string };

export type Band = { from: number; to: number };
/** A reading of a value outside its band, the first whose test holds of it, or of what it was made of. */
type Outside = { when: (value: number, counts: MetricCounts) => boolean; standing: Extract<Standing, 'low' | 'high'>; text: string };

type Described = {
  id: MetricId;
  title: string;
  /** The sentence of numerator and denominator. */
  how: string;
  unit: 'share' | 'seconds';
  bandText: string;
  band: Band | null;
};

/** Definition is one metric: read from counts, or a sensor that this version does not have. */
export type Definition = Described &
  (
    | {
        value: (counts: MetricCounts) => { numerator: number; n: number; value: number | null; second: number | null };
        numerator: readonly Part[];
        denominator: readonly Part[];
        outside: readonly Outside[];
        within: string;
        /** What is said where there is nothing to measure. */
        nothing: string;
        coverage: (counts: MetricCounts) => string;
      }
    | { sensor: string }
  );

export type ReadDefinition = Extract<Definition, { value: unknown }>;
export const isReadDefinition = (definition: Definition): definition is ReadDefinition => 'value' in definition;

/** share is a part of n as a value; null of nothing. */
export const share = (numerator: number, n: number) => ({ numerator, n, value: n === 0 ? null : numerator / n, second: null });

/** addressOf writes the address of a list narrowed to a window. */
export function addressOf(path: string, { scope }: Window, query: Record<string, string>): string {
  const search = new URLSearchParams(query);
  if (scope.type !== 'organisation') search.set(scope.type, scope.id);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
