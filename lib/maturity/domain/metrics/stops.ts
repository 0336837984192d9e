import type { Definition, Part } from './definition';

const bandSeconds = 30;

const seconds = (value: number | null): string => `${(value ?? 0).toLocaleString('en', { maximumFractionDigits: 2 })} s`;

const listed = (label: string, count: Part['count']): Part => ({ label, count, why: 'Listed below, the newest first.' });
const measured = ({ stops, drills }: { stops: number; drills: number }): number => stops + drills;

/** The metric that is read from stops and what became of them. */
export const stopMetrics: readonly Definition[] = [
  {
    id: 'time-to-kill',
    title: 'Time to kill',
    how: 'From the detection where there was one, from the press otherwise, to the last gateway’s acknowledgement: the median, and the 95th percentile beside it. From that on none of them allows what was stopped.',
    unit: 'seconds',
    bandText: 'under 30 s',
    band: { from: 0, to: bandSeconds },
    value: ({ killMedian, killP95, ...counts }) => ({
      numerator: measured(counts),
      n: measured(counts),
      value: killMedian,
      second: killP95,
    }),
    numerator: [listed('Stops that people set', ({ stops }) => stops), listed('Kill drills', ({ drills }) => drills)],
    denominator: [
      { label: 'Of these, counted from the detection', count: ({ detected }) => detected, why: 'The others are counted from the press.' },
      { label: 'Without a time: a gateway stayed silent', count: ({ silent }) => silent, why: 'Listed below; they are in no percentile.' },
      {
        label: 'Without a time: no gateway was alive',
        count: ({ unheard }) => unheard,
        why: 'Nothing could act, so there is nothing to measure.',
      },
    ],
    outside: [
      {
        when: (_, { silent }) => silent > 0,
        standing: 'high',
        text: 'A gateway stayed silent after a stop: it allows nothing, since every decision asks the ledger, but nobody heard so from it.',
      },
      { when: (value) => value > bandSeconds, standing: 'high', text: 'Agents go on for too long after somebody knew.' },
      {
        when: (_, { killP95 }) => killP95 !== null && killP95 > bandSeconds,
        standing: 'high',
        text: 'Most stops are in time, and the slowest are not: look at those from detection first.',
      },
    ],
    within: 'Stops reach every gateway in time.',
    nothing: 'No stop was acknowledged by every gateway, so there is nothing to time. A drill would be one.',
    coverage: ({ pressMedian, pressP95, silent, unheard, ...counts }) =>
      `${measured(counts)} of ${measured(counts) + silent + unheard} stops have a time.${
        pressMedian === null ? '' : ` From the press alone: median ${seconds(pressMedian)}, 95th percentile ${seconds(pressP95)}.`
      }`,
  },
];
