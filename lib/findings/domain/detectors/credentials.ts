import { z } from 'zod';
import { AgentStatus } from '@/lib/registry/schema';
import type { Snapshot, SnapshotAgent, SnapshotCredential } from '../../schema';
import { count } from '../words';
import { detector } from './detector';
import { aboutAgent, activeAgents, agentsThere, credentials, dayOf, daysSince, suspend } from './parts';

const isLive = ({ revokedAt, expiresAt }: SnapshotCredential, now: Date): boolean => revokedAt === null && expiresAt > now;

/** Every credential that opens the token door now, with its agent. */
const liveOnes = (snapshot: Snapshot): { agent: SnapshotAgent; credential: SnapshotCredential }[] =>
  agentsThere(snapshot).flatMap((agent) =>
    snapshot.credentials
      .filter((credential) => credential.agentId === agent.id && isLive(credential, snapshot.at))
      .map((credential) => ({ agent, credential })),
  );

const aboutCredential = (agent: SnapshotAgent, credential: SnapshotCredential) => ({
  key: credential.id,
  subject: { type: 'credential' as const, id: credential.id },
  processId: agent.processId,
});

const credentialExpired = detector({
  id: 'credential_expired',
  title: 'Its credential has expired',
  means:
    'This agent is active and has no credential that works, because the last one has expired: it cannot do its work, or does it some other way.',
  severity: 'high',
  facts: z.object({ agent: z.string(), credential: z.string(), on: z.string() }),
  find: (snapshot) =>
    activeAgents(snapshot).flatMap((agent) => {
      const own = snapshot.credentials.filter(({ agentId, revokedAt }) => agentId === agent.id && revokedAt === null);
      if (own.some((credential) => isLive(credential, snapshot.at))) return [];
      const last = own.toSorted((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime())[0];
      if (!last) return [];
      return [{ ...aboutAgent(agent), facts: { agent: agent.id, credential: last.id, on: dayOf(last.expiresAt) } }];
    }),
  sentence: ({ agent, on }, nameOf) => `${nameOf(agent)} is active, and its last credential expired on ${on}.`,
  fixes: ({ agent }) => [credentials(agent, 'Make a new credential'), suspend(agent)],
});

/** One that ends with a rotation's overlap, while a younger one works, is being replaced. */
function isReplaced(snapshot: Snapshot, { agentId, createdAt, expiresAt }: SnapshotCredential): boolean {
  const younger = snapshot.credentials.filter(
    (other) => other.agentId === agentId && other.createdAt > createdAt && isLive(other, snapshot.at),
  );
  return younger.some((other) => expiresAt < other.expiresAt);
}

const credentialUnrotated = detector({
  id: 'credential_unrotated',
  title: 'Its credential was not rotated',
  means:
    'The longer a secret lives, the more places know it. Rotation gives the agent a new one while the old one still works for a while.',
  severity: 'medium',
  facts: z.object({ agent: z.string(), credential: z.string(), since: z.string(), days: z.int() }),
  find: (snapshot) => {
    const { rotationDays } = snapshot.settings;
    return liveOnes(snapshot)
      .filter(({ credential }) => daysSince(credential.createdAt, snapshot.at) >= rotationDays && !isReplaced(snapshot, credential))
      .map(({ agent, credential }) => ({
        ...aboutCredential(agent, credential),
        facts: { agent: agent.id, credential: credential.id, since: dayOf(credential.createdAt), days: rotationDays },
      }));
  },
  sentence: ({ agent, credential, since, days }, nameOf) =>
    `The credential ${nameOf(credential)} of ${nameOf(agent)} is from ${since}: more than ${count(days, 'day')} without rotation.`,
  fixes: ({ agent, credential }) => [credentials(agent, 'Rotate it'), revoke(credential)],
});

const revoke = (credential: string) => ({
  kind: 'revoke_credential' as const,
  label: 'Revoke the credential',
  permission: 'credentials:manage' as const,
  credential,
});

const credentialShared = detector({
  id: 'credential_shared',
  title: 'A credential is shared',
  means: 'One secret is used from several workloads, so what was done with it can be put down to none of them.',
  severity: 'high',
  facts: z.object({ agent: z.string(), status: AgentStatus, credential: z.string(), workloads: z.int(), days: z.int() }),
  find: (snapshot) => {
    const { manyWorkloads, sightingDays } = snapshot.settings;
    return liveOnes(snapshot).flatMap(({ agent, credential }) => {
      const seen = snapshot.observations.filter(({ kind, subject }) => kind === 'credential.workload' && subject === credential.id);
      const workloads = new Set(seen.map(({ value }) => value)).size;
      if (workloads < manyWorkloads) return [];
      const facts = { agent: agent.id, status: agent.status, credential: credential.id, workloads, days: sightingDays };
      return [{ ...aboutCredential(agent, credential), facts }];
    });
  },
  sentence: ({ agent, credential, workloads, days }, nameOf) =>
    `The credential ${nameOf(credential)} of ${nameOf(agent)} was used from ${count(workloads, 'workload')} in the last ${count(days, 'day')}.`,
  fixes: ({ agent, status, credential }) => [
    credentials(agent, 'Give each its own'),
    revoke(credential),
    ...(status === 'active' ? [suspend(agent)] : []),
  ],
});

/** What is wrong with the secrets that agents prove themselves with. */
export const credentialDetectors = [credentialExpired, credentialShared, credentialUnrotated];
