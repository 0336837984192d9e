import { drillFailMs, drillPassMs, type DrillOutcome, type DrillPlan, type DrillWhy, type DrillWindow } from '../schema';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** inWindow tells whether an instant lies in a window of the day; any instant does where there is none. */
export function inWindow(window: DrillWindow | null, at: Date): boolean {
  if (window === null) return true;
  const { fromHour, toHour } = window;
  const hour = at.getUTCHours();
  return fromHour < toHour ? hour >= fromHour && hour < toHour : hour >= fromHour || hour < toHour;
}

/** openingAfter is the first instant at or after `at` that lies in a window. */
export function openingAfter(window: DrillWindow | null, at: Date): Date {
  if (window === null || inWindow(window, at)) return at;
  const opens = new Date(at.getTime() - (at.getTime() % dayMs) + window.fromHour * hourMs);
  return opens.getTime() >= at.getTime() ? opens : new Date(opens.getTime() + dayMs);
}

/** nextDrillAt is when the drill after one at `at` is due: so many days later, in the window. */
export const nextDrillAt = (at: Date, everyDays: number, window: DrillWindow | null): Date =>
  openingAfter(window, new Date(at.getTime() + everyDays * dayMs));

/** windowOf is a plan's window; null: any time. */
export const windowOf = ({ fromHour, toHour }: Pick<DrillPlan, 'fromHour' | 'toHour'>): DrillWindow | null =>
  fromHour === null || toHour === null ? null : { fromHour, toHour };

/** What a drill is to stop, as it stands: `ended`: it is no longer in the inventory's life; `stopped`: a person's stop of it is in force. */
export type DrillAgent = { inService: boolean; ended: boolean; stopped: boolean };

/** whyNotDrill says why nothing is stopped for practice: what is stopped or over already, and an agent in service of which nobody said that it really stops. */
export function whyNotDrill(agent: DrillAgent, confirmed: boolean): Exclude<DrillWhy, 'NO_GATEWAY'> | undefined {
  if (agent.ended) return 'AGENT_ENDED';
  if (agent.stopped) return 'ALREADY_STOPPED';
  if (agent.inService && !confirmed) return 'NOT_CONFIRMED';
  return undefined;
}

/** whyNotPlan is whyNotDrill of a plan: it may begin while the agent is stopped, and one of an agent in service says in which hours. */
export function whyNotPlan(
  agent: Omit<DrillAgent, 'stopped'>,
  confirmed: boolean,
  window: DrillWindow | null,
): 'AGENT_ENDED' | 'NOT_CONFIRMED' | 'NO_WINDOW' | undefined {
  const why = whyNotDrill({ ...agent, stopped: false }, confirmed);
  if (why !== undefined && why !== 'ALREADY_STOPPED') return why;
  return agent.inService && window === null ? 'NO_WINDOW' : undefined;
}

type Reached = { all: boolean; lastMs: number | null; gateways: readonly unknown[]; silent: readonly string[] };

/** outcomeOf judges a drill whose stop has come so far, `elapsedMs` after the press; undefined: gateways are still waited for. */
export function outcomeOf({ all, lastMs, gateways, silent }: Reached, elapsedMs: number): DrillOutcome | undefined {
  if (all && gateways.length === 0) return 'aborted';
  if (!all || lastMs === null) return elapsedMs < drillFailMs ? undefined : silent.length > 0 ? 'failed' : 'aborted';
  if (lastMs <= drillPassMs) return 'passed';
  return lastMs <= drillFailMs ? 'slow' : 'failed';
}
