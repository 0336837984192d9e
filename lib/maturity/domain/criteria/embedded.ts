import { drillDays, propagationSeconds, recordDays, whoMay, type Facts } from '../facts';
import { at, everyOne, inventoryAt, shareOf, type Criterion, type CriterionGap, type Measured } from './criterion';
import { agentGap, everywhere, isHere, noAgents } from './defined';

export const onTimeTarget = 0.95;

const throughGate = (facts: Facts): Measured =>
  everyOne(
    facts.agents,
    (agent) => (agent.reviewed ? [] : [agentGap(facts, agent, 'was activated without a review by somebody else.', 'agents:review')]),
    () => noAgents(facts),
  );

function reviewGaps(facts: Facts, late: number): CriterionGap[] {
  const overdue = facts.reviews.filter(({ open, late: isLate }) => open && isLate);
  const scope = { type: facts.scope.type, id: facts.scope.type === 'organisation' ? 'organisation' : facts.scope.id };
  const managers = whoMay(facts, 'reviews:manage', null);
  if (facts.reviews.length === 0)
    return [{ text: 'No review came due in 180 days, so nobody can tell.', who: managers, href: '/reviews', subject: scope }];
  if (overdue.length === 0)
    return [{ text: `${late} reviews were late. Those to come have to be on time.`, who: managers, href: '/reviews', subject: scope }];
  return overdue.map(({ id, subjectId, reviewerId }) => ({
    text: `The review of ${facts.agents.find((agent) => agent.id === subjectId)?.name ?? subjectId} is overdue.`,
    who: reviewerId !== null && isHere(facts, reviewerId) ? [reviewerId] : managers,
    href: `/reviews/items/${id}`,
    subject: { type: 'review', id },
  }));
}

const onTime = (facts: Facts): Measured => {
  const late = facts.reviews.filter((review) => review.late).length;
  return shareOf(facts.reviews.length - late, facts.reviews.length, onTimeTarget, reviewGaps(facts, late));
};

const organisation = { type: 'organisation', id: 'organisation' } as const;

const propagated = (facts: Facts): Measured => {
  const reached = facts.changes.filter(({ late }) => late.length === 0).length;
  const untold: CriterionGap = {
    text: `No policy was published or retired in ${recordDays} days while a gateway was alive, so nobody can tell.`,
    who: whoMay(facts, 'policy:publish', null),
    href: '/policy',
    subject: organisation,
  };
  const late = facts.changes.flatMap(({ id, name, day, late: gateways }): CriterionGap[] =>
    gateways.length === 0
      ? []
      : [
          {
            text: `The change of ${name} on ${day} did not reach ${new Intl.ListFormat('en').format(gateways)} within ${propagationSeconds} s. Find out why; it counts for ${recordDays} days.`,
            who: whoMay(facts, 'jobs:manage', null),
            href: '/containment/gateways',
            subject: { type: 'change', id },
          },
        ],
  );
  return shareOf(reached, facts.changes.length, 1, facts.changes.length === 0 ? [untold] : late);
};

/** A drill that failed is what the newest one shows, whatever those before it did. */
const drilled = (facts: Facts): Measured => {
  const [newest] = facts.drills;
  const reached = facts.drills.filter((drill) => drill.reached).length;
  const gap: CriterionGap = {
    text: newest
      ? `The newest kill drill failed: ${newest.text} Find out why, then run another.`
      : `No kill drill was measured in ${drillDays} days. Run one, and plan those to come.`,
    who: whoMay(facts, 'drills:manage', null),
    href: newest ? `/containment/drills/${newest.id}` : '/containment/drills',
    subject: newest ? { type: 'drill', id: newest.id } : organisation,
  };
  const met = newest?.reached === true;
  return { met, value: reached, target: 1, n: facts.drills.length, unit: 'count', gaps: met ? [] : [gap] };
};

/** What Embedded asks: lifecycle, CI, monitoring. */
export const embedded: readonly Criterion[] = [
  {
    id: 'gate.reviewed',
    stage: 4,
    scopes: everywhere,
    title: 'Agents are activated only through the gate',
    counts: 'Agents in service that somebody who wrote none of their record reviewed.',
    evidence: inventoryAt,
    read: throughGate,
  },
  {
    id: 'gate.ci',
    stage: 4,
    scopes: everywhere,
    title: 'CI asks the gate too',
    counts: 'Deployments that asked the gate.',
    evidence: inventoryAt,
    sensor: 'to come',
    why: 'No pipeline asks this version yet whether an agent may be deployed.',
  },
  {
    id: 'policy.propagation',
    stage: 4,
    scopes: ['organisation'],
    title: 'A policy change reaches every gateway within 60 s',
    counts: `Policies published or retired in the last ${recordDays} days that every gateway then alive decided by within ${propagationSeconds} s, of those while one was.`,
    evidence: at('/containment/gateways'),
    read: propagated,
  },
  {
    id: 'baselines.breakers',
    stage: 4,
    scopes: everywhere,
    title: 'Every agent has a baseline and a breaker',
    counts: 'Agents in service with a baseline and a circuit breaker.',
    evidence: inventoryAt,
    sensor: 'to come',
    why: 'Behaviour is not watched yet.',
  },
  {
    id: 'reviews.ontime',
    stage: 4,
    scopes: everywhere,
    title: 'Reviews are on time',
    counts: 'Reviews that fell due in the last 180 days and were decided by their day.',
    evidence: at('/reviews'),
    read: onTime,
  },
  {
    id: 'drill.quarter',
    stage: 4,
    scopes: ['organisation'],
    title: 'A kill drill in the last quarter',
    counts: `Kill drills of the last ${drillDays} days in which every gateway acknowledged within 30 s; the newest has to be one.`,
    evidence: at('/containment/drills'),
    read: drilled,
  },
  {
    id: 'metrics.reported',
    stage: 4,
    scopes: ['organisation'],
    title: 'Metrics are reported to named leaders on a schedule',
    counts: 'Reports given on their day.',
    evidence: at('/maturity/metrics'),
    sensor: 'to come',
    why: 'Metrics are recorded every day, but nobody is sent a report yet.',
  },
];
