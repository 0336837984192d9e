import { implausiblyFastSeconds, type MetricCounts } from '../../schema';
import { addressOf, share, type Definition, type Part } from './definition';

const requests = (label: string, count: Part['count'], query: Record<string, string>): Part => ({
  label,
  count,
  href: (window) => addressOf('/approvals', window, { ...query, from: window.since }),
});
const expired = requests('Ran out', (counts) => counts.expired, { tab: 'decided', outcome: 'expired' });
const ended: Part = {
  label: 'Decided or ran out',
  count: (counts) => counts.decided + counts.expired,
  why: 'The list of requests that wait no more also holds cancelled ones.',
};
const endedOf = ({ requests: all, decided, expired: late, waiting, cancelled }: MetricCounts): string =>
  `${decided + late} of ${all} requests came to their end; ${waiting} wait and ${cancelled} were cancelled.`;

/** The metrics that are read from requests for approval, by when they were asked. */
export const requestMetrics: readonly Definition[] = [
  {
    id: 'approval-latency',
    title: 'Approval latency',
    how: 'From asking to a person’s verdict: the median, and the 95th percentile beside it.',
    unit: 'seconds',
    bandText: 'no band',
    band: null,
    value: ({ decided, secondsMedian, secondsP95 }) => ({ numerator: decided, n: decided, value: secondsMedian, second: secondsP95 }),
    numerator: [
      requests('Approved', ({ approved }) => approved, { tab: 'decided', outcome: 'approved' }),
      requests('Rejected', ({ decided, approved }) => decided - approved, { tab: 'decided', outcome: 'rejected' }),
    ],
    denominator: [],
    outside: [],
    within: 'How long a request waits for its verdict.',
    nothing: 'Nobody decided a request, so there is nothing to time.',
    coverage: endedOf,
  },
  {
    id: 'approval-sla',
    title: 'SLA met',
    how: 'Requests that a person decided before their deadline, of those that were decided or ran out.',
    unit: 'share',
    bandText: 'at least 90 %',
    band: { from: 0.9, to: 1 },
    value: ({ decided, expired: late }) => share(decided, decided + late),
    numerator: [
      requests('Approved', ({ approved }) => approved, { tab: 'decided', outcome: 'approved' }),
      requests('Rejected', ({ decided, approved }) => decided - approved, { tab: 'decided', outcome: 'rejected' }),
    ],
    denominator: [expired, ended],
    outside: [
      { when: (value) => value < 0.9, standing: 'low', text: 'Requests run out: too few people may sign, or their time is too short.' },
    ],
    within: 'Requests are decided in time.',
    nothing: 'No request came to its end.',
    coverage: endedOf,
  },
  {
    id: 'approval-expiry',
    title: 'Expired requests',
    how: 'Requests that nobody decided before their deadline, of those that were decided or ran out.',
    unit: 'share',
    bandText: 'at most 10 %',
    band: { from: 0, to: 0.1 },
    value: ({ decided, expired: late }) => share(late, decided + late),
    numerator: [expired],
    denominator: [ended],
    outside: [{ when: (value) => value > 0.1, standing: 'high', text: 'Each of them was refused because nobody came.' }],
    within: 'Few requests run out.',
    nothing: 'No request came to its end.',
    coverage: endedOf,
  },
  {
    id: 'implausibly-fast-approvals',
    title: 'Implausibly fast approvals',
    how: `Approvals given less than ${implausiblyFastSeconds} s after whoever gave them first saw the request, of those of which that is known.`,
    unit: 'share',
    bandText: '0 %',
    band: { from: 0, to: 0 },
    value: ({ fast, seen }) => share(fast, seen),
    numerator: [{ label: 'Faster than reading', count: ({ fast }) => fast, why: 'Lists cannot be narrowed to these; they are below.' }],
    denominator: [{ label: 'With a known first look', count: ({ seen }) => seen, why: 'Lists cannot be narrowed to these.' }],
    outside: [{ when: (value) => value > 0, standing: 'high', text: 'Nobody reads a request that fast: ask whoever signed.' }],
    within: 'Nobody signed faster than one can read.',
    nothing: 'Of no approval is it known when it was first seen.',
    coverage: ({ seen, approved }) => `It is known of ${seen} of ${approved} approvals when whoever gave them first saw them.`,
  },
];
