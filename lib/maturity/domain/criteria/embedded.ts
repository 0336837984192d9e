import { recordDays, whoMay, type Facts } from '../facts';
import { at, everyOne, inventoryAt, listAt, shareOf, type Criterion, type CriterionGap, type Measured } from './criterion';
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
    counts: 'Seconds from publishing until the last gateway decides by it.',
    evidence: at('/policy'),
    sensor: 'to come',
    why: 'Gateways do not tell yet when they took a change in.',
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
    counts: 'Drills in the last 92 days.',
    evidence: listAt('/ledger', {}, recordDays),
    sensor: 'to come',
    why: 'Drills are not recorded yet.',
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
