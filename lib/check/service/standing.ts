import type pg from 'pg';
import { standingOf, type Principal } from '../domain';
import type { AgentStanding } from '../schema';
import { isWorkflowHalted } from '../store/reads';
import type { RulesKeeper } from './rules-keeper';

export type StandingResult = { ok: true; standing: AgentStanding } | { ok: false; why: string };

/** agentStanding answers where an agent stands, by the latest rules; not ok when that cannot be known now, and then it must not run. Never throws. */
export async function agentStanding(
  parts: { rules: RulesKeeper; reads: pg.Pool },
  principal: Principal,
  tokenExpiresAt: Date,
): Promise<StandingResult> {
  const { rules, reads } = parts;
  try {
    await rules.freshen();
    const halted = await isWorkflowHalted(reads, principal.workflow);
    const { rules: facts, unreadable } = rules.snapshot;
    if (unreadable !== undefined) return { ok: false, why: unreadable };
    return { ok: true, standing: standingOf(facts, principal, halted, tokenExpiresAt, new Date()) };
  } catch {
    return { ok: false, why: 'the database does not answer' };
  }
}
