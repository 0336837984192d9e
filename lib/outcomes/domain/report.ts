import type { OutcomeReport } from '../schema';
import { effectKeyOf } from '@/lib/check/domain';
import { sha256 } from '@/lib/kernel/hash';
import type { CommitItem } from '@/lib/ledger/domain/batch';
import { sealSide } from '@/lib/ledger/domain/side';
import type { EventPayload } from '@/lib/ledger/schema';

/** What is known of the decision that an outcome is about. `reported`: something was said of it before. `digest` is that of the action; undefined when it was erased. */
export type DecidedAction = {
  seq: number;
  agent: string;
  process: string;
  verdict: string;
  action: string;
  reported: boolean;
  digest: Uint8Array | undefined;
};

export type ReportRefusal = 'unknown' | 'not_allowed' | 'wrong_effect';

/** whyNotReport is why this agent cannot report on this decision; another agent's looks like none at all. */
export function whyNotReport(agent: string, report: OutcomeReport, decided: DecidedAction | undefined): ReportRefusal | undefined {
  if (!decided || decided.agent !== agent) return 'unknown';
  if (decided.verdict !== 'allow' && decided.verdict !== 'allow_reversible') return 'not_allowed';
  if (report.effect_key !== undefined && report.effect_key !== effectKeyOf(report.decision)) return 'wrong_effect';
  return undefined;
}

/** reportItem makes the row of a report. Its bytes hold ids, codes and numbers; the agent's words go sealed beside them. */
export function reportItem(made: {
  eventId: string;
  agent: string;
  workflow: string;
  report: OutcomeReport;
  decided: DecidedAction;
  argumentsKey: Uint8Array;
}): CommitItem {
  const { eventId, agent, report, decided } = made;
  const words = wordsOf(report);
  const side = words === undefined ? undefined : sealSide(made.argumentsKey, words, sha256(words), eventId);
  const payload: EventPayload = {
    kind: 'outcome.reported',
    id: eventId,
    actor: { type: 'agent', id: agent },
    subject: { type: 'outcome', id: report.decision },
    data: {
      decision: report.decision,
      agent,
      process: decided.process,
      status: report.status,
      tokens: report.tokens,
      cost_usd: report.cost_usd,
      output_digest: report.output_digest,
    },
    ...(side ? { commitment: side.commitment } : {}),
  };
  return {
    eventId,
    agent,
    workflow: made.workflow,
    payload: JSON.stringify(payload),
    side,
    outcome: {
      decision: report.decision,
      // Of no length when it was erased: then it holds back no retry, since nothing is left to compare one with.
      digest: Buffer.from(decided.digest ?? []).toString('hex'),
      status: report.status,
      output_digest: report.output_digest,
      tokens: report.tokens,
      cost_usd: report.cost_usd,
    },
    refuseWhenHalted: false,
    haltsWorkflow: false,
  };
}

function wordsOf({ summary, side_effects }: OutcomeReport): string | undefined {
  return summary === undefined && side_effects === undefined ? undefined : JSON.stringify({ summary, side_effects });
}
