import { createHash } from 'node:crypto';
import type { ApprovalRequest, Decision } from './answers';
import type { Check, Countersign, WaitOptions } from './client';
import { Denied, Halted, RequestRefused, Unavailable } from './errors';

/** How many refusals of one effect are walked over, so that a loop that asks for ever is told to stop. */
const refusalsMax = 50;
/** Refusals that may hide an allow given earlier to the same key, and lift again. */
const hiding: ReadonlySet<string> = new Set(['KILLED', 'AGENT_SUSPENDED', 'CREDENTIAL_REVOKED']);

/**
 * Pursuit gets the one decision that lets an effect go ahead. Each question has an idempotency key made of the task, the effect's name and how often
 * that effect ended in nothing before, so a process that comes after this one asks the same questions in the same order, hears the same answers, and
 * comes to the same decision: it joins the request that waits and uses its approval once.
 */
export class Pursuit {
  private hasToldWaiting = false;

  constructor(
    private readonly client: Countersign,
    private readonly check: Check,
    private readonly effect: string,
    private readonly options: WaitOptions,
    private readonly onWaiting: ((request: ApprovalRequest, decision: Decision) => void) | undefined,
  ) {}

  /** allowed answers the allow of one attempt; throws what keeps it from going ahead. Attempt n+1 is one after attempt n was carried out and failed. */
  async allowed(attempt: number): Promise<Decision> {
    const first = await this.settled(this.check, [attempt, 'ask']);
    if (first.allowed) return first;
    const { request } = first;
    if (!request) throw this.refusal(first);
    for (let round = 0; round < refusalsMax; round++) {
      await this.approval(request, first);
      const used = await this.settled({ ...this.check, approval: request.id }, [attempt, 'use', round]);
      if (used.allowed) return used;
      // The person's answer had not reached this gateway yet: the request is waited for once more.
      if (used.verdict !== 'approval_required') throw this.refusal(used);
    }
    throw new Unavailable('the approval could not be used');
  }

  private async approval(request: ApprovalRequest, decision: Decision): Promise<void> {
    const status = await this.client.request(request.id, { signal: this.options.signal });
    if (status.status === 'pending' && !this.hasToldWaiting) {
      this.hasToldWaiting = true;
      this.onWaiting?.(status, decision);
    }
    await this.client.waitFor(request.id, this.options);
  }

  /** settled asks until the answer is one of now: a refusal that was kept from an earlier call (a halt since released, a kill since lifted) is no news. */
  private async settled(check: Check, step: readonly (string | number)[]): Promise<Decision> {
    const hidden: string[] = [];
    for (let refusals = 0; refusals < refusalsMax; refusals++) {
      const key = this.key([...step, refusals]);
      const decision = await this.ask(check, key);
      const isRefusal = decision.verdict === 'deny' || decision.verdict === 'halt';
      if (!isRefusal) return this.first(check, hidden, decision);
      if (!decision.replayed) throw this.refusal(decision);
      if (decision.reasons.some(({ code }) => hiding.has(code))) hidden.push(key);
      const happens = check.approval === undefined ? await this.letHappen(decision) : undefined;
      if (happens !== undefined) return this.settled({ ...check, approval: happens }, [...step, 'happens', happens]);
    }
    throw new Unavailable(`the effect "${this.effect}" was refused ${refusalsMax} times`, 'REFUSED_TOO_OFTEN');
  }

  // A halt of an earlier call, whose action two people let happen since: by this approval, used or not, since the one who used it was this effect.
  private async letHappen({ id, verdict, reasons }: Decision): Promise<string | undefined> {
    if (verdict !== 'halt' || reasons.some(({ code }) => code === 'WORKFLOW_HALTED')) return undefined;
    try {
      const { approval } = await this.client.halt(id, { signal: this.options.signal });
      return approval?.status === 'approved' || approval?.status === 'used' ? approval.id : undefined;
    } catch (error) {
      // A gateway that does not know of such halts knows of no such approval.
      if (error instanceof RequestRefused && error.status === 404) return undefined;
      throw error;
    }
  }

  // A kill withholds an allow that may have been carried out. Lifted in this moment, it must not lead to a second one.
  private async first(check: Check, hidden: readonly string[], latest: Decision): Promise<Decision> {
    for (const key of hidden) {
      const earlier = await this.ask(check, key);
      if (!earlier.allowed) continue;
      const { id, effectKey, allowed } = latest;
      if (allowed)
        await this.client.report(id, { status: 'failed', effectKey, summary: 'Not carried out: the same effect was allowed before.' });
      return earlier;
    }
    return latest;
  }

  private ask(check: Check, idempotencyKey: string): Promise<Decision> {
    return this.client.check(check, { idempotencyKey, signal: this.options.signal });
  }

  private key(step: readonly (string | number)[]): string {
    const name = JSON.stringify([this.client.task, this.effect, ...step]);
    return `effect-${createHash('sha256').update(name).digest('base64url')}`;
  }

  private refusal(decision: Decision): Denied | Halted {
    const action = typeof this.check.action === 'string' ? this.check.action : this.check.action.name;
    return decision.verdict === 'halt' ? new Halted(decision, action) : new Denied(decision, action);
  }
}
