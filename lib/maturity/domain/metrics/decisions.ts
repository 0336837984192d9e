import { outcomeDueMinutes, outcomeRanges } from '@/lib/outcomes/schema';
import { formatShare } from '@/lib/outcomes/domain/completeness';
import { addressOf, share, type Definition, type Part } from './definition';

const ledger = (label: string, count: Part['count'], query: Record<string, string>): Part => ({
  label,
  count,
  href: (window) => addressOf('/ledger', window, { ...query, from: window.since }),
});

const checks = ledger('Checks', ({ checks: count }) => count, {});
const checked = ({ checks: count }: { checks: number }): string =>
  `Every check that the ledger holds is counted: ${count.toLocaleString('en')}. A replayed answer writes no row and is none.`;

/** The span of the outcomes page that is as long as this many days; undefined when it reaches less far back. */
const rangeOf = (days: number): string | undefined => Object.entries(outcomeRanges).find(([, hours]) => hours === days * 24)?.[0];

/** The metrics that are read from decisions. */
export const decisionMetrics: readonly Definition[] = [
  {
    id: 'policy-deny-rate',
    title: 'Policy deny rate',
    how: 'Checks that were denied or halted, of all checks that are not replays.',
    unit: 'share',
    bandText: '1 to 5 %',
    band: { from: 0.01, to: 0.05 },
    value: ({ denied, halted, checks: n }) => share(denied + halted, n),
    numerator: [
      ledger('Denied', ({ denied }) => denied, { verdict: 'deny' }),
      ledger('Halted', ({ halted }) => halted, { verdict: 'halt' }),
    ],
    denominator: [checks],
    outside: [
      { when: (value) => value === 0, standing: 'low', text: 'Nothing was refused: policy is too permissive, or asks for nothing.' },
      {
        when: (value) => value < 0.01,
        standing: 'low',
        text: 'Less is refused than one would expect: look whether policy asks for enough.',
      },
      { when: (value) => value > 0.1, standing: 'high', text: 'So much is refused that a policy is bad or an agent broken.' },
      { when: (value) => value > 0.05, standing: 'high', text: 'More is refused than one would expect: look at what is refused most.' },
    ],
    within: 'As much is refused as one would expect.',
    nothing: 'Nothing was checked, so there is no rate.',
    coverage: checked,
  },
  {
    id: 'human-intervention-rate',
    title: 'Human intervention rate',
    how: 'Approvals asked and halts released, of all checks that are not replays. Reversals are not in this version yet.',
    unit: 'share',
    bandText: '2 to 8 %',
    band: { from: 0.02, to: 0.08 },
    value: ({ asked, released, checks: n }) => share(asked + released, n),
    numerator: [
      ledger('Approvals asked', ({ asked }) => asked, { verdict: 'approval_required' }),
      {
        label: 'Halts released',
        count: ({ released }) => released,
        why: 'The ledger cannot be narrowed to releases yet; they are listed below.',
      },
    ],
    denominator: [checks],
    outside: [
      { when: (value) => value > 0.08, standing: 'high', text: 'People step in so often that an agent is weak, or allowed too little.' },
      { when: (value) => value < 0.02, standing: 'low', text: 'People step in so seldom that checkpoints may miss what matters.' },
    ],
    within: 'People step in as often as one would expect.',
    nothing: 'Nothing was checked, so there is no rate.',
    coverage: checked,
  },
  {
    id: 'audit-completeness',
    title: 'Audit completeness',
    how: `Allowed actions with an outcome, of those that were reported or allowed more than ${outcomeDueMinutes} minutes ago, and of what tools report to have come past the gate.`,
    unit: 'share',
    bandText: '100 %',
    band: { from: 1, to: 1 },
    value: ({ reported, missing, bypassed }) => share(reported, reported + missing + bypassed),
    numerator: [{ label: 'With an outcome', count: ({ reported }) => reported, why: 'Only those without an outcome are listed.' }],
    denominator: [
      {
        label: 'Without an outcome, past their time',
        count: ({ missing }) => missing,
        href: (window) => {
          const range = rangeOf(window.days);
          return range === undefined ? null : addressOf('/outcomes', window, { range });
        },
        why: 'The page of outcomes does not reach back that far.',
      },
      {
        label: 'Reports of calls past the gate',
        count: ({ bypassed }) => bypassed,
        why: 'One an hour for each tool, action and caller; of the organisation alone, since who called proved nothing. The newest are listed below.',
      },
      {
        label: 'All of these',
        count: ({ reported, missing, bypassed }) => reported + missing + bypassed,
        why: 'The sum of the three above.',
      },
    ],
    outside: [{ when: (value) => value < 1, standing: 'low', text: 'Any gap is a failure: nobody knows what these actions did.' }],
    within: 'What every action did is known.',
    nothing: 'No outcome was due, so there is nothing to be complete.',
    coverage: ({ allowed, reported, missing }) => {
      const young = allowed - reported - missing;
      return allowed === 0
        ? 'Nothing was allowed.'
        : `${formatShare((reported + missing) / allowed)} of ${allowed.toLocaleString('en')} allowed actions are in it; ${young} are not due yet.`;
    },
  },
  {
    id: 'anomaly-true-positive-rate',
    title: 'Anomaly true positive rate',
    how: 'Anomalies that a person found to be real, of all that a person judged.',
    unit: 'share',
    bandText: 'over 70 %',
    band: { from: 0.7, to: 0.85 },
    sensor: 'Behaviour is not watched yet, so there are no anomalies to judge.',
  },
];
