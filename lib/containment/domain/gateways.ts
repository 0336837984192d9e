import { aliveMs, type Acknowledgement, type Gateway } from '../schema';

/** wasAlive tells whether a gateway was heard of within aliveMs before an instant, or after it, and had not said goodbye. One that started later loaded the change at its start. */
export function wasAlive(gateway: Pick<Gateway, 'startedAt' | 'seenAt' | 'stoppedAt'>, at: Date): boolean {
  return (
    gateway.startedAt.getTime() <= at.getTime() &&
    gateway.seenAt.getTime() >= at.getTime() - aliveMs &&
    (gateway.stoppedAt === null || gateway.stoppedAt.getTime() > at.getTime())
  );
}

/** How far a change has come: milliseconds from `from` to the last acknowledgement, once all that were alive have given theirs; the silent ones by name. */
export type Reach = { all: boolean; acknowledged: number; of: number; lastMs: number | undefined; silent: string[] };

/** reachOf sums acknowledgements up; with no gateway alive nothing could have acted, and `all` holds of nobody. */
export function reachOf(acknowledgements: readonly Acknowledgement[], from: Date): Reach {
  const times = acknowledgements.flatMap(({ at }) => (at ? [at.getTime() - from.getTime()] : []));
  const silent = acknowledgements.filter(({ at }) => at === null).map(({ name }) => name);
  return {
    all: silent.length === 0,
    acknowledged: times.length,
    of: acknowledgements.length,
    lastMs: times.length > 0 ? Math.max(0, ...times) : undefined,
    silent,
  };
}
