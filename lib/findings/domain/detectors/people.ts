import { z } from 'zod';
import { AgentStatus } from '@/lib/registry/schema';
import type { Fix, Snapshot, SnapshotAgent } from '../../schema';
import { count, listed } from '../words';
import { detector } from './detector';
import { aboutAgent, agentsThere, askFor, cellsInForce, decommission, suspend } from './parts';

const Part = z.object({ agent: z.string(), person: z.string(), status: AgentStatus });

const isHere = ({ people }: Snapshot, id: string): boolean => people.some((person) => person.id === id && person.active);
const graceOf = ({ orphans }: Snapshot, subjectId: string, part: string): Date | null =>
  orphans.find((orphan) => orphan.subjectId === subjectId && orphan.part === part)?.graceUntil ?? null;

/** Agents of whose people in one part somebody has left. */
const leftFrom = (snapshot: Snapshot, part: string, of: (agent: SnapshotAgent) => string | null) =>
  agentsThere(snapshot).flatMap((agent) => {
    const person = of(agent);
    if (person === null || isHere(snapshot, person)) return [];
    return [
      { ...aboutAgent(agent), facts: { agent: agent.id, person, status: agent.status }, graceUntil: graceOf(snapshot, agent.id, part) },
    ];
  });

const reassign: Fix = { kind: 'link', label: 'Hand over what they left', permission: 'agents:reassign', href: '/succession' };

const ownerLeft = detector({
  id: 'owner_left',
  title: 'The owner has left',
  means:
    'Nobody who is here answers for what this agent does. Its successors or a manager inherit it; where there are none, it stands until its grace is over.',
  severity: 'critical',
  grace: true,
  facts: Part,
  find: (snapshot) =>
    leftFrom(snapshot, 'owner', ({ ownerId }) => ownerId).map((found) =>
      found.facts.status === 'active' ? found : { ...found, severity: 'high' as const },
    ),
  sentence: ({ agent, person }, nameOf) => `${nameOf(person)}, who answers for ${nameOf(agent)}, is no longer here.`,
  fixes: ({ agent, status }) => [reassign, askFor(agent, status, 'Name another owner'), ...stops(agent, status)],
});

const sponsorLeft = detector({
  id: 'sponsor_left',
  title: 'The sponsor has left',
  means: 'The person who vouched for this agent is gone. Somebody who is here vouches for it, or it goes too.',
  severity: 'high',
  grace: true,
  facts: Part,
  find: (snapshot) => leftFrom(snapshot, 'sponsor', ({ sponsorId }) => sponsorId),
  sentence: ({ agent, person }, nameOf) => `${nameOf(person)}, who vouches for ${nameOf(agent)}, is no longer here.`,
  fixes: ({ agent, status }) => [reassign, askFor(agent, status, 'Name another sponsor')],
});

const technicalOwnerLeft = detector({
  id: 'technical_owner_left',
  title: 'The technical owner has left',
  means: 'Nobody who is here runs this agent: when it fails, or its credential must be replaced, there is no one to call.',
  severity: 'medium',
  grace: true,
  facts: Part,
  find: (snapshot) => leftFrom(snapshot, 'technical_owner', ({ technicalOwnerId }) => technicalOwnerId),
  sentence: ({ agent, person }, nameOf) => `${nameOf(person)}, who runs ${nameOf(agent)}, is no longer here.`,
  fixes: ({ agent, status }) => [reassign, askFor(agent, status, 'Name another technical owner')],
});

const sponsorMissing = detector({
  id: 'sponsor_missing',
  title: 'No sponsor is named',
  means: 'Nobody vouches for this agent. Every agent that works has a sponsor.',
  severity: 'medium',
  facts: Part.omit({ person: true }),
  // A draft without one is still being written: the gate asks for it before the agent acts.
  find: (snapshot) =>
    agentsThere(snapshot)
      .filter(({ sponsorId, status }) => sponsorId === null && (status === 'active' || status === 'suspended'))
      .map((agent) => ({ ...aboutAgent(agent), facts: { agent: agent.id, status: agent.status } })),
  sentence: ({ agent }, nameOf) => `Nobody vouches for ${nameOf(agent)}: it has no sponsor.`,
  fixes: ({ agent, status }) => [askFor(agent, status, 'Name a sponsor')],
});

const processOwnerLeft = detector({
  id: 'process_owner_left',
  title: 'The process owner has left',
  means: 'Nobody who is here is accountable for this process, so nobody answers for what its agents do.',
  severity: 'critical',
  grace: true,
  facts: z.object({ process: z.string(), person: z.string() }),
  find: (snapshot) =>
    snapshot.processes
      .filter(({ ownerId }) => !isHere(snapshot, ownerId))
      .map(({ id, ownerId }) => ({
        key: id,
        subject: { type: 'process' as const, id },
        processId: id,
        facts: { process: id, person: ownerId },
        graceUntil: graceOf(snapshot, id, 'owner'),
      })),
  sentence: ({ process, person }, nameOf) => `${nameOf(person)}, who owns the process ${nameOf(process)}, is no longer here.`,
  fixes: ({ process }) => [
    reassign,
    { kind: 'link', label: 'Name another owner', permission: 'processes:manage', href: `/raci/${encodeURIComponent(process)}/edit` },
  ],
});

const teamEmpty = detector({
  id: 'team_empty',
  title: 'A team is empty',
  means: 'A team stands in the matrix of who does what, and nobody who is here is in it: what it should do is nobody’s work.',
  severity: 'medium',
  facts: z.object({ team: z.string(), processes: z.array(z.string()) }),
  find: (snapshot) => {
    const inForce = cellsInForce(snapshot);
    return snapshot.teams.flatMap(({ id, members }) => {
      const cells = inForce.filter(({ holder }) => holder.type === 'team' && holder.id === id);
      if (cells.length === 0 || members.some((member) => isHere(snapshot, member))) return [];
      const processes = [...new Set(cells.map(({ processId }) => processId))].sort();
      const [only, ...others] = processes;
      return [
        {
          key: id,
          subject: { type: 'team' as const, id },
          processId: others.length === 0 ? (only ?? null) : null,
          facts: { team: id, processes },
        },
      ];
    });
  },
  sentence: ({ team, processes }, nameOf) =>
    `Nobody who is here is in ${nameOf(team)}, which stands in the matrix of ${listed(processes.map(nameOf))} (${count(processes.length, 'process', 'processes')}).`,
  fixes: ({ processes }) => [
    { kind: 'link', label: 'Put people into the team', permission: 'people:manage', href: '/people/teams' },
    {
      kind: 'link',
      label: 'Name another team',
      permission: 'raci:manage',
      href: processes.length === 1 ? `/raci/${encodeURIComponent(processes[0] ?? '')}` : '/raci',
    },
  ],
});

const stops = (agent: string, status: AgentStatus): Fix[] => [...(status === 'active' ? [suspend(agent)] : []), decommission(agent)];

/** What happens when people leave, or are not named. */
export const peopleDetectors = [ownerLeft, processOwnerLeft, sponsorLeft, technicalOwnerLeft, sponsorMissing, teamEmpty];
