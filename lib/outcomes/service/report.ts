import type pg from 'pg';
import { reportItem, whyNotReport, type DecidedAction, type ReportRefusal } from '../domain/report';
import { OutcomeAnswer, OutcomeStatus, type OutcomeReport } from '../schema';
import { findActionDigest, findKnownSince, findListedDecision, findNewDecision } from '../store/decisions';
import { breakerAction, type Principal } from '@/lib/check/domain';
import { DecisionPayload } from '@/lib/check/schema';
import { readKeptAnswer, type RulesKeeper } from '@/lib/check/service';
import type { Breakers } from '@/lib/containment/service/breakers/counting';
import { canonicalJson } from '@/lib/kernel/canonical';
import { sameBytes, sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import type { CommitItem } from '@/lib/ledger/domain/batch';
import { saltBytes } from '@/lib/ledger/domain/side';
import type { Committer } from '@/lib/ledger/service';

export type ReportInput = { principal: Principal; report: OutcomeReport; idempotencyKey: string | undefined };

/** Everything a report can end in. `another`: a final outcome stands already, and it is not this one. */
export type ReportResult =
  | { kind: 'recorded'; answer: OutcomeAnswer; replayed: boolean }
  | { kind: 'another'; status: OutcomeStatus }
  | { kind: ReportRefusal }
  | { kind: 'key_mismatch' }
  | { kind: 'unavailable'; why: string };

export type ReporterOptions = {
  rules: RulesKeeper;
  committer: Committer;
  reads: pg.Pool;
  argumentsKey: Buffer;
  /** Counts outcomes for circuit breakers; none where nobody's gateway runs. */
  breakers?: Pick<Breakers, 'reported'>;
};

/** Newest rows searched for a decision that the explorer has not taken in yet. */
const newRowsMax = 2_000;
const epochRetriesMax = 3;
/** How often the commit is tried again because a person is settling the same outcome. */
const roundsMax = 40;
const busyWaitMs = 10;
const unavailable = (why: string): ReportResult => ({ kind: 'unavailable', why });

/**
 * Reporter records what allowed actions did. Neither a kill nor a suspension stops it: what happened is to be known above all of an agent that was
 * stopped.
 */
export class Reporter {
  constructor(private readonly options: ReporterOptions) {}

  /** report records one outcome; the same status again changes nothing. Never throws for anything an agent sent or a database did. */
  async report(input: ReportInput): Promise<ReportResult> {
    try {
      const decided = await this.find(input.report.decision);
      if (decided === 'behind') return unavailable('the record of decisions is being brought up to date');
      const refusal = whyNotReport(input.principal.agent, input.report, decided);
      if (refusal !== undefined || !decided) return { kind: refusal ?? 'unknown' };
      return await this.record(input, decided);
    } catch {
      return unavailable('the database did not answer');
    }
  }

  private async find(id: string): Promise<DecidedAction | 'behind' | undefined> {
    const { reads } = this.options;
    const listed = await findListedDecision(reads, id);
    if (listed) return this.withDigest(listed);
    const { found, behind } = await findNewDecision(reads, id, newRowsMax);
    if (found) {
      const { agent, process, verdict, action } = DecisionPayload.parse(JSON.parse(found.payload));
      return this.withDigest({ seq: found.seq, agent, process, verdict, action, reported: false });
    }
    // The explorer may have come to it between the two looks.
    const since = await findListedDecision(reads, id);
    if (since) return this.withDigest(since);
    return behind ? 'behind' : undefined;
  }

  private async withDigest(decided: Omit<DecidedAction, 'digest'>): Promise<DecidedAction> {
    return { ...decided, digest: await findActionDigest(this.options.reads, decided.seq, saltBytes) };
  }

  private async record(input: ReportInput, decided: DecidedAction): Promise<ReportResult> {
    const { principal, report, idempotencyKey } = input;
    const { rules, committer, argumentsKey } = this.options;
    const item = reportItem({
      eventId: newId('evt'),
      agent: principal.agent,
      workflow: principal.workflow,
      report,
      decided,
      argumentsKey,
    });
    const idempotency = idempotencyKey === undefined ? undefined : idempotencyOf(idempotencyKey, report);
    const keyed: CommitItem = { ...item, ...(idempotency ? { idempotency } : {}) };
    let epochMoves = 0;
    for (let round = 0; round < roundsMax; round++) {
      const outcome = await committer.submit(keyed, rules.snapshot.rules.epoch);
      switch (outcome.outcome) {
        case 'written':
          this.count(principal.agent, report, decided);
          return { kind: 'recorded', answer: answerOf(report, true, new Date(outcome.atMs)), replayed: false };
        case 'duplicate':
          return await this.unchanged(report);
        case 'approval_unusable': {
          const status = OutcomeStatus.safeParse(outcome.why);
          return status.success ? { kind: 'another', status: status.data } : { kind: 'unknown' };
        }
        case 'key_taken':
          return idempotency ? await this.replay(principal, idempotency) : unavailable('the commit answered for another request');
        case 'epoch_moved':
          if (++epochMoves > epochRetriesMax || !(await rules.catchUp(outcome.epoch))) return unavailable('the rules are changing');
          break;
        case 'approval_busy':
          await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
          break;
        default:
          return unavailable(outcome.outcome === 'unavailable' ? outcome.reason : 'the outcome could not be recorded');
      }
    }
    return unavailable('the outcome is being settled');
  }

  // An outcome counts once, by the first word on it.
  private count(agent: string, { status }: OutcomeReport, { action, reported }: DecidedAction): void {
    if (reported) return;
    this.options.breakers?.reported(agent, breakerAction(this.options.rules.snapshot.rules, action), status === 'succeeded');
  }

  private async unchanged(report: OutcomeReport): Promise<ReportResult> {
    const known = await findKnownSince(this.options.reads, report.decision);
    if (!known) return unavailable('the outcome that was reported is gone');
    return { kind: 'recorded', answer: answerOf(report, false, known.at), replayed: false };
  }

  private async replay(principal: Principal, idempotency: NonNullable<CommitItem['idempotency']>): Promise<ReportResult> {
    const kept = await readKeptAnswer(this.options.reads, principal.agent, idempotency.keyHash);
    if (!kept) return unavailable('the kept answer is gone');
    if (!sameBytes(kept.bodyHash, idempotency.bodyHash)) return { kind: 'key_mismatch' };
    const core = OutcomeAnswer.omit({ at: true }).parse(JSON.parse(kept.answer));
    return { kind: 'recorded', answer: { ...core, at: new Date(kept.atMs).toISOString() }, replayed: true };
  }
}

// Keys are the agent's, whatever it uses them for: a name of its own keeps a report from being taken for a check.
function idempotencyOf(key: string, report: OutcomeReport): NonNullable<CommitItem['idempotency']> {
  const { decision, status } = report;
  const answer = JSON.stringify({ decision, status, recorded: true });
  return { keyHash: sha256(key), bodyHash: sha256(canonicalJson({ outcome: report })), answer };
}

function answerOf({ decision, status }: OutcomeReport, recorded: boolean, at: Date): OutcomeAnswer {
  return { decision, status, recorded, at: at.toISOString() };
}
