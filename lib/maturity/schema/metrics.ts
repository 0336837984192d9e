import { z } from 'zod';
import { ScopeQuery } from './stages';

/** The operating metrics, the five of the design first. */
export const metricIds = [
  'policy-deny-rate',
  'human-intervention-rate',
  'time-to-kill',
  'audit-completeness',
  'anomaly-true-positive-rate',
  'approval-latency',
  'approval-sla',
  'approval-expiry',
  'implausibly-fast-approvals',
] as const;
export const MetricId = z.enum(metricIds);
export type MetricId = z.infer<typeof MetricId>;

/** How far back a metric looks, in days of 24 hours counted from now. */
export const metricDays = [7, 30, 90] as const;
export const metricDaysDefault = 30;
export const MetricDays = z.coerce.number().pipe(z.literal(metricDays)).catch(metricDaysDefault);
export type MetricDays = z.infer<typeof MetricDays>;

/** An approval given sooner than this after its first look is faster than reading it takes. */
export const implausiblyFastSeconds = 5;
/** Rows that a metric shows itself, where no list can be narrowed to them. */
export const metricRowsMax = 20;

export const MetricQuery = ScopeQuery.extend({ days: MetricDays });
export type MetricQuery = z.infer<typeof MetricQuery>;

/** The counts that every metric is made of; SLA and latency are of requests, the others of decisions. */
export const DecisionCounts = z.object({
  /** Checks that are not replays: a replayed answer writes no row. */
  checks: z.number(),
  denied: z.number(),
  halted: z.number(),
  asked: z.number(),
  released: z.number(),
  allowed: z.number(),
  reported: z.number(),
  missing: z.number(),
  /** Hourly reports of tools that calls came past the gate: of the organisation alone, since who called proved nothing. */
  bypassed: z.number(),
});
export type DecisionCounts = z.infer<typeof DecisionCounts>;

export const RequestCounts = z.object({
  /** Requests for a person's verdict. */
  requests: z.number(),
  decided: z.number(),
  expired: z.number(),
  cancelled: z.number(),
  waiting: z.number(),
  approved: z.number(),
  /** Approved by somebody of whom it is known when they first saw it. */
  seen: z.number(),
  fast: z.number(),
  secondsMedian: z.number().nullable(),
  secondsP95: z.number().nullable(),
});
export type RequestCounts = z.infer<typeof RequestCounts>;

export const StopCounts = z.object({
  /** Stops that every gateway has acknowledged: those that people set, and those of drills. */
  stops: z.number(),
  drills: z.number(),
  /** Of these, those that are counted from when somebody first knew. */
  detected: z.number(),
  /** Stops with a gateway that stayed silent, and such while none was alive: they have no time. */
  silent: z.number(),
  unheard: z.number(),
  /** From the detection where there was one, from the press otherwise; and from the press alone. */
  killMedian: z.number().nullable(),
  killP95: z.number().nullable(),
  pressMedian: z.number().nullable(),
  pressP95: z.number().nullable(),
});
export type StopCounts = z.infer<typeof StopCounts>;

export const noDecisions: DecisionCounts = {
  checks: 0,
  denied: 0,
  halted: 0,
  asked: 0,
  released: 0,
  allowed: 0,
  reported: 0,
  missing: 0,
  bypassed: 0,
};
export const noRequests: RequestCounts = {
  requests: 0,
  decided: 0,
  expired: 0,
  cancelled: 0,
  waiting: 0,
  approved: 0,
  seen: 0,
  fast: 0,
  secondsMedian: null,
  secondsP95: null,
};
export const noStops: StopCounts = {
  stops: 0,
  drills: 0,
  detected: 0,
  silent: 0,
  unheard: 0,
  killMedian: null,
  killP95: null,
  pressMedian: null,
  pressP95: null,
};
export type MetricCounts = DecisionCounts & RequestCounts & StopCounts;

/** Where a value stands: `low` and `high` are outside its band, `none` when there is nothing to measure. */
export const Standing = z.enum(['within', 'low', 'high', 'unbanded', 'none']);
export type Standing = z.infer<typeof Standing>;

/** A count with the page that lists exactly its rows; without one, `why` says what is missing for that. */
export const Counted = z.object({ label: z.string(), count: z.number(), href: z.string().nullable(), why: z.string().nullable() });
export type Counted = z.infer<typeof Counted>;

/** One day (UTC) of a metric. `second` is the 95th percentile of a latency. */
export const TrendPoint = z.object({
  day: z.string(),
  value: z.number().nullable(),
  second: z.number().nullable(),
  numerator: z.number(),
  n: z.number(),
});
export type TrendPoint = z.infer<typeof TrendPoint>;

/** A metric as it stands, or a sensor that this version does not have. Shares are 0 to 1, latencies seconds. */
export const MetricView = z.object({
  id: MetricId,
  title: z.string(),
  how: z.string(),
  unit: z.enum(['share', 'seconds']),
  bandText: z.string(),
  band: z.object({ from: z.number(), to: z.number() }).nullable(),
  sensor: z.string().nullable(),
  value: z.number().nullable(),
  second: z.number().nullable(),
  n: z.number(),
  standing: Standing,
  reading: z.string(),
  numerator: z.array(Counted),
  denominator: z.array(Counted),
  coverage: z.string(),
  trend: z.array(TrendPoint),
});
export type MetricView = z.infer<typeof MetricView>;

/** One row that a metric shows itself. */
export const MetricRow = z.object({ id: z.string(), at: z.string(), text: z.string(), href: z.string() });
export type MetricRow = z.infer<typeof MetricRow>;

export const MetricPage = z.object({
  scope: z.object({ type: z.enum(['organisation', 'process', 'agent']), id: z.string(), name: z.string() }),
  days: z.number(),
  since: z.string(),
  now: z.string(),
  metrics: z.array(MetricView),
  /** Rows of a single metric that no list can be narrowed to. */
  rows: z.array(MetricRow),
});
export type MetricPage = z.infer<typeof MetricPage>;
