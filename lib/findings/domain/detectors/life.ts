import { z } from 'zod';
import { AgentStatus } from '@/lib/registry/schema';
import { count } from '../words';
import { detector } from './detector';
import {
  aboutAgent,
  activeAgents,
  agentPage,
  agentsAtWork,
  askFor,
  dayOf,
  daysBetween,
  daysSince,
  decommission,
  look,
  suspend,
} from './parts';

const OnDay = z.object({ agent: z.string(), status: AgentStatus, on: z.string(), days: z.int() });

const endDatePast = detector({
  id: 'end_date_past',
  title: 'The project has ended',
  means: 'The day on which this agent should have ended has passed, and it still can act. Decommission it, or say until when it is needed.',
  severity: 'high',
  facts: OnDay,
  find: (snapshot) => {
    const today = dayOf(snapshot.at);
    return agentsAtWork(snapshot).flatMap((agent) => {
      const on = agent.endsOn;
      if (on === null || on >= today) return [];
      return [{ ...aboutAgent(agent), facts: { agent: agent.id, status: agent.status, on, days: daysBetween(on, today) } }];
    });
  },
  sentence: ({ agent, on, days, status }, nameOf) =>
    `${nameOf(agent)} should have ended on ${on}, ${count(days, 'day')} ago, and is ${status === 'active' ? 'still active' : 'only suspended'}.`,
  fixes: ({ agent, status }) => [
    decommission(agent),
    ...(status === 'active' ? [suspend(agent)] : []),
    askFor(agent, status, 'Set another end'),
  ],
});

const neverSeen = detector({
  id: 'never_seen',
  title: 'It was never heard of',
  means: 'This agent may act and has never asked for anything. A permission nobody uses is a door nobody watches.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), since: z.string(), days: z.int() }),
  find: (snapshot) =>
    activeAgents(snapshot).flatMap((agent) => {
      if (agent.lastSeenAt !== null || agent.activatedAt === null) return [];
      const days = daysSince(agent.activatedAt, snapshot.at);
      if (days < snapshot.settings.neverSeenDays) return [];
      // The number is the limit that was passed, not today's count: the row says since when, and is not written anew every day.
      return [{ ...aboutAgent(agent), facts: { agent: agent.id, since: dayOf(agent.activatedAt), days: snapshot.settings.neverSeenDays } }];
    }),
  sentence: ({ agent, since, days }, nameOf) =>
    `Nothing was heard of ${nameOf(agent)} since it was activated on ${since}, more than ${count(days, 'day')} ago.`,
  fixes: ({ agent }) => [suspend(agent), decommission(agent), look('See its credentials', agentPage(agent, 'credentials'))],
});

const silent = detector({
  id: 'silent',
  title: 'It has gone silent',
  means: 'This agent may act and nothing was heard of it for long. It may have been abandoned with its credential alive.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), since: z.string(), days: z.int() }),
  find: (snapshot) =>
    activeAgents(snapshot).flatMap((agent) => {
      const { lastSeenAt } = agent;
      const { silentDays } = snapshot.settings;
      if (lastSeenAt === null || daysSince(lastSeenAt, snapshot.at) < silentDays) return [];
      return [{ ...aboutAgent(agent), facts: { agent: agent.id, since: dayOf(lastSeenAt), days: silentDays } }];
    }),
  sentence: ({ agent, since, days }, nameOf) => `${nameOf(agent)} was last heard of on ${since}, more than ${count(days, 'day')} ago.`,
  fixes: ({ agent }) => [suspend(agent), decommission(agent), look('See what it did', agentPage(agent, 'decisions'))],
});

const reviewOverdue = detector({
  id: 'review_overdue',
  title: 'Its review is overdue',
  means: 'The day by which a person should have looked at this agent again has passed.',
  severity: 'medium',
  facts: OnDay,
  find: (snapshot) => {
    const today = dayOf(snapshot.at);
    return agentsAtWork(snapshot).flatMap((agent) => {
      const on = agent.nextReviewOn;
      if (on === null || on >= today) return [];
      return [{ ...aboutAgent(agent), facts: { agent: agent.id, status: agent.status, on, days: daysBetween(on, today) } }];
    });
  },
  sentence: ({ agent, on, days }, nameOf) => `${nameOf(agent)} should have been reviewed by ${on}, ${count(days, 'day')} ago.`,
  fixes: ({ agent, status }) => [
    { kind: 'link', label: 'Review it', permission: 'reviews:decide', href: '/reviews' },
    askFor(agent, status, 'Set the next review'),
  ],
});

const outcomeMissing = detector({
  id: 'outcome_missing',
  title: 'Outcomes are missing',
  means: 'This agent was allowed to act and never said what came of it, so the record of what it did has holes.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), count: z.int(), since: z.string(), days: z.int() }),
  find: (snapshot) => {
    const { outcomeDays } = snapshot.settings;
    return agentsAtWork(snapshot).flatMap((agent) => {
      const missing = snapshot.missing.find(({ agentId }) => agentId === agent.id);
      if (!missing || missing.count === 0) return [];
      const facts = { agent: agent.id, count: missing.count, since: dayOf(missing.oldestAt), days: outcomeDays };
      return [{ ...aboutAgent(agent), facts }];
    });
  },
  sentence: ({ agent, count: many, days }, nameOf) =>
    `${nameOf(agent)} did not report what came of ${count(many, 'allowed action')} in the last ${count(days, 'day')}.`,
  fixes: ({ agent }) => [look('See which', `/outcomes?${new URLSearchParams({ agent }).toString()}`), suspend(agent)],
});

/** What happens to an agent as time goes by. */
export const lifeDetectors = [endDatePast, neverSeen, silent, reviewOverdue, outcomeMissing];
