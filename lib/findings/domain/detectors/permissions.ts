import { z } from 'zod';
import { actionSlug, AgentStatus } from '@/lib/registry/schema';
import type { Fix } from '../../schema';
import { count, listed, quoted } from '../words';
import { detector } from './detector';
import { aboutAgent, activeAgents, agentPage, agentsAtWork, agentsThere, askFor, daysSince, suspend } from './parts';

/** Actions that one finding names; the rest are counted. */
const actionsNamedMax = 100;

const revoke = (agent: string, actions: string[]): Fix => ({
  kind: 'revoke_permissions',
  label: actions.length === 1 ? 'Take this permission away' : `Take these ${actions.length} permissions away`,
  permission: 'agents:activate',
  agent,
  actions,
});

const overPrivileged = detector({
  id: 'over_privileged',
  title: 'It may do more than it does',
  means: 'This agent holds permissions it has not used for long. What it does not need is only there to be misused.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), actions: z.array(z.string()), count: z.int(), of: z.int(), days: z.int() }),
  find: (snapshot) => {
    const { unusedDays } = snapshot.settings;
    return agentsAtWork(snapshot).flatMap((agent) => {
      // A permission can be used only from the day its agent may act.
      const { activatedAt } = agent;
      if (activatedAt === null || daysSince(activatedAt, snapshot.at) < unusedDays) return [];
      const held = snapshot.permissions.filter(({ agentId }) => agentId === agent.id);
      const unused = held.filter(({ used, grantedAt }) => !used && daysSince(grantedAt, snapshot.at) >= unusedDays);
      if (unused.length === 0) return [];
      const actions = unused.map(({ action }) => action).sort();
      const facts = {
        agent: agent.id,
        actions: actions.slice(0, actionsNamedMax),
        count: actions.length,
        of: held.length,
        days: unusedDays,
      };
      return [{ ...aboutAgent(agent), facts }];
    });
  },
  sentence: ({ agent, actions, count: many, of, days }, nameOf) =>
    `${nameOf(agent)} did not use ${many} of its ${count(of, 'permission')} in ${count(days, 'day')}: ${listed(actions)}.`,
  fixes: ({ agent, actions }) => [
    revoke(agent, actions),
    { kind: 'link', label: 'See its permissions', permission: 'agents:read', href: agentPage(agent, 'permissions') },
  ],
});

const unclassified = detector({
  id: 'unclassified_in_use',
  title: 'An action is not classified',
  means: 'This agent holds an action whose risk no person has approved, or that was taken out of use. Every such call is halted.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), actions: z.array(z.string()), count: z.int() }),
  find: (snapshot) =>
    agentsThere(snapshot)
      // What a draft asks for is looked at by the gate.
      .filter(({ status }) => status === 'active' || status === 'suspended')
      .flatMap((agent) => {
        const open = snapshot.permissions.filter(({ agentId, status }) => agentId === agent.id && status !== 'approved');
        if (open.length === 0) return [];
        const actions = open.map(({ action }) => action).sort();
        return [{ ...aboutAgent(agent), facts: { agent: agent.id, actions: actions.slice(0, actionsNamedMax), count: actions.length } }];
      }),
  sentence: ({ agent, actions, count: many }, nameOf) =>
    `${nameOf(agent)} may ask for ${listed(actions)}, ${many === 1 ? 'which is' : 'which are'} not classified.`,
  fixes: ({ agent, actions }) => [
    {
      kind: 'link',
      label: 'Classify',
      permission: 'actions:classify',
      href: actions.length === 1 ? `/registry/actions/${actionSlug(actions[0] ?? '')}` : '/registry/actions?status=unset',
    },
    revoke(agent, actions),
  ],
});

const outOfScope = detector({
  id: 'out_of_scope',
  title: 'It asks for what it may not',
  means:
    'This agent was halted for asking for actions outside its permissions: its work drifts from what was reviewed, or somebody else speaks through it.',
  severity: 'high',
  facts: z.object({ agent: z.string(), status: AgentStatus, actions: z.array(z.string()), count: z.int(), days: z.int() }),
  find: (snapshot) =>
    activeAgents(snapshot).flatMap((agent) => {
      const held = new Set(snapshot.permissions.filter(({ agentId }) => agentId === agent.id).map(({ action }) => action));
      // What it was given since is no longer outside.
      const outside = snapshot.halts.filter(({ agentId, action }) => agentId === agent.id && !held.has(action));
      if (outside.length === 0) return [];
      const actions = outside.map(({ action }) => action).sort();
      const facts = {
        agent: agent.id,
        status: agent.status,
        actions: actions.slice(0, actionsNamedMax),
        count: outside.reduce((sum, halt) => sum + halt.count, 0),
        days: snapshot.settings.driftDays,
      };
      return [{ ...aboutAgent(agent), facts }];
    }),
  sentence: ({ agent, actions, count: many, days }, nameOf) =>
    `${nameOf(agent)} was halted ${count(many, 'time')} in the last ${count(days, 'day')} for asking for ${quoted(actions)}, outside its permissions.`,
  fixes: ({ agent, status }) => [
    {
      kind: 'link',
      label: 'See the halts',
      permission: 'ledger:read',
      href: `/ledger?${new URLSearchParams({ agent, verdict: 'halt' }).toString()}`,
    },
    suspend(agent),
    askFor(agent, status, 'Ask for the permission'),
  ],
});

/** What an agent may do, against what it does. */
export const permissionDetectors = [overPrivileged, unclassified, outOfScope];
