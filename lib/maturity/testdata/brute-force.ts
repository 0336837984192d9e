import type { MetricId, Scope } from '../schema';
import type { Request, Traffic } from './traffic';

/** A value with what it was made of; undefined: not a metric of rows. */
export type Brute = { value: number | null; second: number | null; numerator: number; n: number };

type Span = { scope: Scope; since: Date; now: Date; day?: string };

const fifteenMinutesMs = 15 * 60_000;
const onDay = (at: Date, day: string | undefined): boolean => day === undefined || at.toISOString().startsWith(day);

/** bruteForce computes a metric by walking all rows one by one, sharing no code with the metric. */
export function bruteForce(id: MetricId, traffic: Traffic, span: Span): Brute {
  const { scope, since, now, day } = span;
  const mine = (row: { agent: string; process: string }): boolean =>
    scope.type === 'organisation' || (scope.type === 'agent' ? row.agent === scope.id : row.process === scope.id);
  const decisions = traffic.decisions.filter((row) => mine(row) && row.at >= since && onDay(row.at, day));
  const requests = traffic.requests.filter((row) => mine(row) && row.requestedAt >= since && onDay(row.requestedAt, day));
  const share = (numerator: number, n: number): Brute => ({ value: n === 0 ? null : numerator / n, second: null, numerator, n });
  const decided = requests.filter(({ status }) => ['approved', 'used', 'rejected'].includes(status));
  const expired = requests.filter(({ status, expiresAt }) => status === 'expired' || (status === 'pending' && expiresAt <= now));
  switch (id) {
    case 'policy-deny-rate':
      return share(decisions.filter(({ verdict }) => verdict === 'deny' || verdict === 'halt').length, decisions.length);
    case 'human-intervention-rate': {
      const asked = decisions.filter(({ verdict }) => verdict === 'approval_required').length;
      const releases = traffic.releases.filter(
        ({ at, workflow }) =>
          at >= since &&
          onDay(at, day) &&
          (scope.type === 'organisation' || (traffic.halts.get(workflow) ?? []).some((halt) => halt.at <= at && mine(halt))),
      ).length;
      return share(asked + releases, decisions.length);
    }
    case 'audit-completeness': {
      const allowed = decisions.filter(({ verdict }) => verdict === 'allow' || verdict === 'allow_reversible');
      const known = allowed.filter((row) => traffic.outcomes.has(row.id)).length;
      const late = allowed.filter((row) => !traffic.outcomes.has(row.id) && now.getTime() - row.at.getTime() >= fifteenMinutesMs).length;
      // Who came past the gate is not known, so it counts for the whole alone.
      const past = traffic.sightings.filter(({ at }) => scope.type === 'organisation' && at >= since && onDay(at, day)).length;
      return share(known, known + late + past);
    }
    case 'approval-latency': {
      const waits = decided.map(secondsOf).sort((a, b) => a - b);
      return { value: percentile(waits, 0.5), second: percentile(waits, 0.95), numerator: waits.length, n: waits.length };
    }
    case 'approval-sla':
      return share(decided.length, decided.length + expired.length);
    case 'approval-expiry':
      return share(expired.length, decided.length + expired.length);
    case 'implausibly-fast-approvals': {
      const seen = decided.filter(({ status, seenAt }) => status !== 'rejected' && seenAt !== null);
      return share(
        seen.filter(({ decidedAt, seenAt }) => (decidedAt?.getTime() ?? 0) - (seenAt?.getTime() ?? 0) < 5_000).length,
        seen.length,
      );
    }
    case 'time-to-kill': {
      const processOf: Record<string, string> = { agt_a: 'prc_x', agt_b: 'prc_x', agt_c: 'prc_y' };
      const stops = traffic.stops.filter(
        (stop) =>
          stop.at >= since &&
          onDay(stop.at, day) &&
          (scope.type === 'organisation' ||
            (stop.scope === scope.type && stop.target === scope.id) ||
            (scope.type === 'process' && stop.scope === 'agent' && processOf[stop.target] === scope.id)),
      );
      const times = stops
        .filter(({ lastMs, silent }) => lastMs !== null && silent.length === 0)
        .map(({ at, detectedAt, lastMs }) => ((lastMs ?? 0) + (detectedAt ? at.getTime() - detectedAt.getTime() : 0)) / 1000)
        .sort((a, b) => a - b);
      return { value: percentile(times, 0.5), second: percentile(times, 0.95), numerator: times.length, n: times.length };
    }
    default:
      throw new Error(`${id} has no rows`);
  }
}

const secondsOf = ({ decidedAt, requestedAt }: Request): number => ((decidedAt?.getTime() ?? 0) - requestedAt.getTime()) / 1000;

/** As the SQL standard interpolates between two rows. */
function percentile(sorted: readonly number[], part: number): number | null {
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}
