import { z } from 'zod';
import type { CredentialRefusal } from '@/lib/identity/schema';
import { CredentialId } from '@/lib/identity/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import {
  ActionName,
  AgentId,
  AgentStatus,
  PERMISSIONS_PER_AGENT_MAX,
  type ActivationGap,
  type Agent,
  type AgentRefusal,
} from '@/lib/registry/schema';
import { Refused } from './answers';

/** A record with everything in it: 500 permissions of 200 characters, and the words. */
export const agentBodyBytesMax = 256 * 1024;

export const AgentParams = z.object({ id: AgentId });
export const CredentialParams = z.object({ id: CredentialId });
export const PermissionsBody = z.object({ actions: z.array(ActionName).min(1).max(PERMISSIONS_PER_AGENT_MAX) });
export const PermissionsAnswer = z.object({ changed: z.int() });

/** What a step answers: what the agent is now. */
export const MovedAnswer = z.object({ id: z.string(), status: AgentStatus, version: z.int() });
type MovedAnswer = z.infer<typeof MovedAnswer>;

type Told = { problem: ProblemCode; text: string; pointer?: string };

/** One table from a refusal to its problem: what happened, what was kept, what to do. `pointer`: the field it is about. */
const told: Record<AgentRefusal, Told> = {
  NOT_FOUND: { problem: 'NOT_FOUND', text: 'There is nothing here that you may see.' },
  NOT_ALLOWED: { problem: 'FORBIDDEN', text: 'Your roles do not allow this for this agent. Nothing was changed.' },
  OWN_AGENT: { problem: 'FORBIDDEN', text: 'You wrote this record, so another person does this. Nothing was changed.' },
  NEEDS_REQUEST: {
    problem: 'FORBIDDEN',
    text: 'This was reviewed, so you ask for the change and another person approves it. Nothing was changed.',
  },
  WRONG_STATE: { problem: 'CONFLICT', text: 'The agent is in another state by now. Nothing was changed; look again.' },
  STALE: {
    problem: 'CONFLICT',
    text: 'Somebody changed this record while you had it open. Nothing of yours was saved, and nothing you typed is lost.',
  },
  GAPS: { problem: 'GAPS', text: 'The agent cannot act yet. Nothing was changed; close what is missing first.' },
  ID_TAKEN: { problem: 'CONFLICT', text: 'Another agent has this id. Choose another; nothing was saved.', pointer: '/id' },
  PROCESS_UNKNOWN: { problem: 'UNPROCESSABLE', text: 'There is no such process any more. Nothing was saved.', pointer: '/processId' },
  PROCESS_STOPPED: {
    problem: 'CONFLICT',
    text: 'Its process is stopped, so the agent stays there until the stop is lifted. Nothing was saved.',
    pointer: '/processId',
  },
  ACTION_UNKNOWN: {
    problem: 'UNPROCESSABLE',
    text: 'One of these action types is not recorded any more. Nothing was saved.',
    pointer: '/permissions',
  },
  OWNER_NOT_ALLOWED: {
    problem: 'UNPROCESSABLE',
    text: 'The owner must be a person who is active here. Nothing was saved.',
    pointer: '/ownerId',
  },
  OWNER_IS_BUILDER: {
    problem: 'UNPROCESSABLE',
    text: 'The owner answers for the agent, so it cannot be a person who writes its record. Name another; nothing was saved.',
    pointer: '/ownerId',
  },
  SPONSOR_UNKNOWN: {
    problem: 'UNPROCESSABLE',
    text: 'The sponsor must be a person who is active here. Nothing was saved.',
    pointer: '/sponsorId',
  },
  TECHNICAL_OWNER_UNKNOWN: {
    problem: 'UNPROCESSABLE',
    text: 'The technical owner must be a person who is active here. Nothing was saved.',
    pointer: '/technicalOwnerId',
  },
  SUCCESSOR_UNKNOWN: {
    problem: 'UNPROCESSABLE',
    text: 'Every successor must be a person who is active here. Nothing was saved.',
    pointer: '/successorIds',
  },
};

type No = { ok: false; code: AgentRefusal; text?: string; gaps?: ActivationGap[] };

/** refuseAgent turns a refusal about an agent into its problem; gaps are its errors, each under its code. */
export function refuseAgent(no: No): Refused {
  const { problem, text, pointer } = told[no.code];
  const detail = no.text === undefined ? text : `${no.text} Nothing was changed.`;
  if (no.gaps)
    return new Refused(
      problem,
      detail,
      no.gaps.map((gap) => ({ pointer: `/${gap.code}`, detail: gap.text })),
    );
  return pointer === undefined ? new Refused(problem, detail) : new Refused(problem, detail, [{ pointer, detail }]);
}

/** moved turns the outcome of a step into the answer. */
export const moved = (outcome: { ok: true; agent: Agent } | No): MovedAnswer | Refused =>
  outcome.ok ? { id: outcome.agent.id, status: outcome.agent.status, version: outcome.agent.version } : refuseAgent(outcome);

const toldOfCredential: Record<CredentialRefusal, Told> = {
  NOT_FOUND: { problem: 'NOT_FOUND', text: 'There is nothing here that you may see.' },
  AGENT_UNKNOWN: { problem: 'NOT_FOUND', text: 'There is nothing here that you may see.' },
  NOT_ALLOWED: { problem: 'FORBIDDEN', text: 'Your roles do not allow this. Nothing was changed.' },
  AGENT_ENDED: { problem: 'CONFLICT', text: 'An agent that was decommissioned or rejected gets no credential. Nothing was made.' },
  NOT_USABLE: { problem: 'CONFLICT', text: 'This credential is over or revoked, so it cannot be replaced. Make a new one.' },
  ALREADY_REVOKED: { problem: 'CONFLICT', text: 'This credential was revoked already. Nothing more was changed.' },
};

/** refuseCredential turns a refusal about a credential into its problem. */
export const refuseCredential = ({ code }: { code: CredentialRefusal }): Refused =>
  new Refused(toldOfCredential[code].problem, toldOfCredential[code].text);
