import { z } from 'zod';
import { AgentStatus } from '@/lib/registry/schema';
import type { Snapshot, SnapshotObservation } from '../../schema';
import { readSightingValue } from '../../observations/domain';
import { namesOfNetworkMax, unknownClientsMax } from '../../observations/schema';
import { differsFrom, modelText } from '../models';
import { count, listed, quoted, written } from '../words';
import { detector } from './detector';
import { aboutAgent, activeAgents, askFor, look, settle, suspend } from './parts';

/** Unknown clients that are findings of their own: whoever makes up names fills no list. */
const clientsMax = 50;
/** What is kept of one network: of names that came once, and of names that came again. */
const ofNetworkMax = 2 * namesOfNetworkMax;

const seen = ({ observations }: Snapshot, kind: SnapshotObservation['kind']): SnapshotObservation[] =>
  observations.filter((one) => one.kind === kind);

type Subject = { subject: string; values: string[]; count: number };

/** Observations by what they are about, with how often and the values. */
function bySubject(observations: readonly SnapshotObservation[]): Subject[] {
  const own = new Map<string, SnapshotObservation[]>();
  for (const one of observations) own.set(one.subject, [...(own.get(one.subject) ?? []), one]);
  return [...own].map(([subject, ones]) => ({
    subject,
    values: [...new Set(ones.map(({ value }) => value))].sort(),
    count: ones.reduce((sum, { count: many }) => sum + many, 0),
  }));
}

/**
 * One of each network in turn, who came most often first: whoever makes up names has the places of their own network. A client that asks from several
 * has its best place.
 */
function networkByNetwork(clients: readonly Subject[]): Subject[] {
  const often = clients.toSorted((a, b) => b.count - a.count || (a.subject < b.subject ? -1 : 1));
  const taken = new Map<string, number>();
  const placed = often.map((client) => {
    const places = client.values.map((network) => taken.get(network) ?? 0);
    for (const network of client.values) taken.set(network, (taken.get(network) ?? 0) + 1);
    return { client, place: Math.min(...places) };
  });
  return placed.toSorted((a, b) => a.place - b.place).map(({ client }) => client);
}

const unknownClient = detector({
  id: 'unknown_client',
  title: 'A client nobody registered',
  means: 'Something asked the gateway for a token under a name that belongs to no agent: a shadow agent, a mistake, or somebody who tries.',
  severity: 'high',
  settles: 'client.unknown',
  facts: z.object({ client: z.string(), count: z.int(), days: z.int(), others: z.int().default(0) }),
  find: (snapshot) => {
    const clients = networkByNetwork(bySubject(seen(snapshot, 'client.unknown')));
    const others = Math.max(0, clients.length - clientsMax);
    return clients.slice(0, clientsMax).map(({ subject: client, count: many }) => ({
      key: client,
      subject: { type: 'client' as const, id: client },
      processId: null,
      facts: { client, count: many, days: snapshot.settings.sightingDays, others },
    }));
  },
  sentence: ({ client, count: many, days, others }) => {
    const more = `${count(others, 'more name')} did, as somebody does who makes them up: ${clientsMax} are shown, and at most ${ofNetworkMax} of one network and ${written(unknownClientsMax)} in all are kept.`;
    const one = `A client that nobody registered, “${client}”, asked for a token ${count(many, 'time')} in the last ${count(days, 'day')}.`;
    return others === 0 ? one : `${one} ${more}`;
  },
  fixes: () => [{ kind: 'link', label: 'Register it as an agent', permission: 'agents:register', href: '/registry/agents/new' }, settle],
});

const receiptless = detector({
  id: 'receiptless_call',
  title: 'A tool was called past the gate',
  means:
    'The tools of this system were called without a receipt, so no policy was asked and nothing is in the ledger: a shadow agent, or one that goes around the gateway.',
  severity: 'critical',
  settles: 'tool.unreceipted',
  facts: z.object({ system: z.string(), actions: z.array(z.string()), claimed: z.array(z.string()), count: z.int(), days: z.int() }),
  find: (snapshot) =>
    bySubject(seen(snapshot, 'tool.unreceipted')).map(({ subject: system, values, count: many }) => {
      const said = values.map(readSightingValue);
      const actions = [...new Set(said.map(({ action }) => action))].sort();
      const claimed = [...new Set(said.flatMap(({ agent }) => agent ?? []))].sort();
      return {
        key: system,
        subject: { type: 'system' as const, id: system },
        processId: null,
        facts: { system, actions, claimed, count: many, days: snapshot.settings.sightingDays },
      };
    }),
  sentence: ({ system, actions, claimed, count: many, days }, nameOf) => {
    const by = claimed.length === 0 ? '' : `, by whoever said to be ${listed(claimed.map(nameOf))}`;
    return `The tools of ${nameOf(system)} were called ${count(many, 'time')} without a receipt in the last ${count(days, 'day')}: ${listed(actions)}${by}.`;
  },
  fixes: ({ system }) => [look('See the system', `/registry/systems/${encodeURIComponent(system)}`), settle],
});

const modelChanged = detector({
  id: 'model_changed',
  title: 'It runs another model',
  means: 'This agent says at run time that it is another model than the one that was reviewed. A silent change is a new agent.',
  severity: 'high',
  facts: z.object({ agent: z.string(), status: AgentStatus, registered: z.string(), reported: z.array(z.string()) }),
  find: (snapshot) =>
    activeAgents(snapshot).flatMap((agent) => {
      const own = seen(snapshot, 'agent.model').filter(({ subject }) => subject === agent.id);
      const reported = newest(own).filter((model) => differsFrom(agent.model, model));
      if (reported.length === 0) return [];
      const registered = modelText(agent.model);
      const facts = { agent: agent.id, status: agent.status, registered, reported: reported.sort() };
      // Where the record names none, nothing that was reviewed has changed: it was never written down.
      return [{ ...aboutAgent(agent), ...(registered === '' ? { severity: 'low' as const } : {}), facts }];
    }),
  sentence: ({ agent, registered, reported }, nameOf) =>
    `${nameOf(agent)} says it is ${quoted(reported)}; its record ${registered === '' ? 'names no model' : `says ${registered}`}.`,
  fixes: ({ agent, status }) => [askFor(agent, status, 'Record the model'), suspend(agent)],
});

const newestWithinMs = 24 * 3_600_000;

/** The models it named lately: one it left behind a day before its last word no longer counts. */
function newest(observations: readonly SnapshotObservation[]): string[] {
  const last = Math.max(...observations.map(({ lastAt }) => lastAt.getTime()));
  return observations.filter(({ lastAt }) => last - lastAt.getTime() < newestWithinMs).map(({ value }) => value);
}

/** What gateways and tools noticed beside decisions. */
export const signalDetectors = [receiptless, unknownClient, modelChanged];
