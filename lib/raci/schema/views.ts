import { z } from 'zod';
import { CellChange, Gap, Row, Standing, StandingAgent, StandingTeam } from './matrix';

const Named = z.object({ id: z.string(), name: z.string() });

/** One line of the list of processes. */
export const ProcessItem = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  owner: Named.extend({ active: z.boolean() }),
  agents: z.number(),
  gaps: z.number(),
});
export type ProcessItem = z.infer<typeof ProcessItem>;

/** A process with its matrix, the exceptions of its agents, and what is missing; `fixers` are the people who can change it. */
export const MatrixView = z.object({
  process: z.object({ id: z.string(), name: z.string(), description: z.string(), ownerId: z.string() }),
  rows: z.array(Row),
  agents: z.array(StandingAgent.extend({ exceptions: z.array(Row) })),
  people: z.array(Standing),
  teams: z.array(StandingTeam),
  gaps: z.array(Gap),
  fixers: z.array(Named),
});
export type MatrixView = z.infer<typeof MatrixView>;

/** One change in the history of a process. `changes` are those of its matrix, of the agent's exceptions when `agentId` is set. */
export const ProcessEvent = z.object({
  seq: z.string(),
  at: z.string(),
  eventId: z.string(),
  kind: z.string(),
  actorId: z.string(),
  agentId: z.string().nullable(),
  changes: z.array(CellChange),
  changed: z.array(z.string()),
});
export type ProcessEvent = z.infer<typeof ProcessEvent>;
