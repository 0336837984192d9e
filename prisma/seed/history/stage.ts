import type { SampleGateway } from './gateway';
import type { Timeline } from './timeline';
import type { PersonKey } from '../organisation/people';
import type { PersonActor } from '@/lib/people/service';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export type Credential = { clientId: string; secret: string };

/** Stage is what every act of a history has at hand. */
export type Stage = {
  gateway: SampleGateway;
  timeline: Timeline;
  /** When the history begins and ends, in milliseconds. */
  beginMs: number;
  endMs: number;
  /** Of the tasks that `perDay` names, the share that comes. */
  volume: number;
  /** The live secret of each agent. */
  credentials: Map<string, Credential>;
};

/** Event is something people did beside the agents' work, so many days before the end; left out where its agent does not play. */
export type Event = { days: number; hour: number; agent?: string; act: (stage: Stage) => Promise<unknown> };

/** by is a person of the sample as the doer of something. */
export const by = (key: PersonKey): PersonActor => ({ type: 'operator', id: `usr_${key}` });

/** done answers what a use case did; a refusal ends the load. */
export function done<Outcome extends { ok: true } | { ok: false }>(outcome: Outcome, what: string): Extract<Outcome, { ok: true }> {
  // The one member of the union that is left.
  if (outcome.ok) return outcome as Extract<Outcome, { ok: true }>;
  throw new Error(`The sample could not be loaded: ${what}: ${JSON.stringify(outcome)}`);
}
