import type { PointView } from '../schema';
import { readCriteria } from './stage';
import type { AllFacts } from './facts';

/** CheckFacts is what the twelve points read: the criteria's facts, and what detectors and jobs keep. */
export type CheckFacts = {
  facts: AllFacts;
  /** What stands open, by detector. */
  findings: ReadonlyMap<string, number>;
  /** The detectors that ran without failing lately. */
  fresh: ReadonlySet<string>;
  /** Agents of which a review is open or was decided in the last quarter. */
  reviewed: ReadonlySet<string>;
  recorded: { count: number; last: string | null; fresh: boolean };
  /** A day, ISO 8601. */
  today: string;
};

type Answer = { yes: boolean; value: string };
type Point = { id: string; title: string; evidence: string | null } & ({ read: (facts: CheckFacts) => Answer } | { sensor: string });

const plural = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** ofCriterion answers a point by a criterion of the organisation. */
const ofCriterion =
  (id: string, say: (value: number, target: number, n: number) => string) =>
  ({ facts }: CheckFacts): Answer => {
    const measured = readCriteria(facts).find(({ criterion }) => criterion.id === id)?.measured;
    if (!measured) throw new Error(`no criterion ${id} is read`);
    return { yes: measured.met, value: say(measured.value, measured.target, measured.n) };
  };

/** standing answers how many findings of some detectors stand open; null while one of them has not run lately. */
function standing({ findings, fresh }: CheckFacts, detectors: readonly string[]): number | null {
  if (detectors.some((id) => !fresh.has(id))) return null;
  return detectors.reduce((sum, id) => sum + (findings.get(id) ?? 0), 0);
}

const all = (what: string) => (value: number, target: number) => `${value} of ${plural(target, what)}`;

/** points is the twelve-point checklist: a table of questions to the records. */
export const points: readonly Point[] = [
  {
    id: 'inventory',
    title: 'The inventory is complete',
    evidence: '/findings',
    read: (given) => {
      const unknown = standing(given, ['unknown_client', 'receiptless_call']);
      const known = plural(given.facts.agents.length, 'agent');
      if (unknown === null) return { yes: false, value: `${known} in service; nobody has looked for others lately` };
      return { yes: given.facts.agents.length > 0 && unknown === 0, value: `${known} in service, ${plural(unknown, 'sign')} of others` };
    },
  },
  {
    id: 'owners',
    title: 'Every agent has a named process owner',
    evidence: '/raci',
    read: ({ facts }) => {
      const here = new Set(facts.people.filter(({ active }) => active).map(({ id }) => id));
      const owned = new Set(facts.processes.filter(({ ownerId }) => here.has(ownerId)).map(({ id }) => id));
      const count = facts.agents.filter(({ processId }) => owned.has(processId)).length;
      return { yes: facts.agents.length > 0 && count === facts.agents.length, value: all('agent')(count, facts.agents.length) };
    },
  },
  {
    id: 'least-privilege',
    title: 'No credential is shared, and nobody may more than they use',
    evidence: '/findings?detector=over_privileged',
    read: (given) => {
      const shared = given.facts.agents.filter(({ workloads }) => workloads > 1).length;
      const unused = standing(given, ['over_privileged']);
      const ofShared = plural(shared, 'shared credential');
      if (unused === null) return { yes: false, value: `${ofShared}; nobody has looked for unused permissions lately` };
      return {
        yes: given.facts.agents.length > 0 && shared + unused === 0,
        value: `${ofShared}, ${plural(unused, 'agent')} with unused permissions`,
      };
    },
  },
  {
    id: 'tiers',
    title: 'Each agent’s actions have one of four tiers',
    evidence: '/registry/actions',
    read: ofCriterion('tiers.enforced', all('agent')),
  },
  {
    id: 'gateway',
    title: 'The gateway enforces',
    evidence: '/ledger',
    read: (given) => {
      const { decisions, unsigned } = given.facts.tallies;
      const past = standing(given, ['receiptless_call']);
      const text = `${plural(decisions, 'decision')} in 90 days, ${unsigned} without the approval they needed`;
      if (past === null) return { yes: false, value: `${text}; nobody has looked for calls past it lately` };
      return { yes: decisions > 0 && unsigned + past === 0, value: `${text}, ${plural(past, 'tool')} called past it` };
    },
  },
  {
    id: 'audit',
    title: 'The audit has its minimum for every action',
    evidence: '/outcomes?range=month',
    read: ofCriterion(
      'audit.complete',
      (value, _, n) => `${(Math.floor(value * 1000) / 10).toFixed(1)} % of ${plural(n, 'outcome')} in 30 days`,
    ),
  },
  {
    id: 'baselines',
    title: 'Baselines, and alerts on anomalies',
    evidence: null,
    sensor: 'Behaviour is not watched in this version yet.',
  },
  {
    id: 'raci',
    title: 'RACI covers the whole life of a decision',
    evidence: '/raci',
    read: ofCriterion('raci.complete', (value, target) => `${value} of ${target} processes`),
  },
  {
    id: 'frameworks',
    title: 'Documentation is aligned with the frameworks',
    evidence: null,
    sensor: 'Frameworks are not mapped in this version yet.',
  },
  {
    id: 'reviews',
    title: 'Reviews are scheduled every quarter',
    evidence: '/reviews',
    read: ({ facts, reviewed, today }) => {
      const planned = facts.agents.filter(
        ({ id, nextReviewOn }) => reviewed.has(id) || (nextReviewOn !== null && nextReviewOn >= today),
      ).length;
      return { yes: facts.agents.length > 0 && planned === facts.agents.length, value: all('agent')(planned, facts.agents.length) };
    },
  },
  {
    id: 'playbooks',
    title: 'Incident playbooks are laid down beforehand',
    evidence: null,
    sensor: 'Incidents are not in this version yet.',
  },
  {
    id: 'reporting',
    title: 'Metrics are part of operational reporting',
    evidence: '/maturity/metrics',
    read: ({ recorded }) => ({
      yes: recorded.fresh,
      value:
        recorded.last === null ? 'never recorded' : `recorded on ${plural(recorded.count, 'day')} of the last 30, last on ${recorded.last}`,
    }),
  },
];

/** readChecklist answers every point. */
export const readChecklist = (facts: CheckFacts): PointView[] =>
  points.map((point): PointView => {
    const { id, title, evidence } = point;
    if ('sensor' in point) return { id, title, evidence, state: 'sensor', value: point.sensor };
    const { yes, value } = point.read(facts);
    return { id, title, evidence, state: yes ? 'yes' : 'no', value };
  });
