import { expireApprovals } from '@/lib/approvals/service/expiry';
import { escalateApprovals } from '@/lib/approvals/service/deadlines';
import { stepShares } from '@/lib/approvals/domain/deadlines';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { seeRequest } from '@/lib/approvals/service/seen';
import type { RejectionCode } from '@/lib/approvals/schema';
import type { CheckAnswer } from '@/lib/check/schema';
import { prisma } from '@/lib/platform/db/prisma';
import type { Desk } from '../organisation/processes';
import type { Random } from './random';
import { by, minuteMs, type Stage } from './stage';

const seenShare = 0.8;
const unusedShare = 0.03;
const codes: readonly [RejectionCode, ...RejectionCode[]] = [
  'INSUFFICIENT_EVIDENCE',
  'WRONG_AMOUNT',
  'NOT_AUTHORISED',
  'DUPLICATE',
  'WRONG_RECIPIENT',
];
const approvals = [
  'Checked against the order.',
  'As agreed with the vendor.',
  'Within what was planned.',
  'Looked at it with the team.',
] as const;

/**
 * awaitVerdict plans what becomes of a request: somebody of its desk sees and decides it, or its time runs out. `redeem` is what the agent does with
 * an approval. Answers nothing: it happens later.
 */
export function awaitVerdict(
  stage: Stage,
  answer: CheckAnswer,
  desk: Desk,
  random: Random,
  redeem: (approvalId: string) => Promise<void>,
): void {
  const { access_request: request, digest } = answer.context;
  if (!request) return;
  const { timeline } = stage;
  const asked = timeline.now;
  const deadline = Date.parse(request.expires_at);
  const late = random.chance(desk.misses);
  const decided = Math.min(asked + random.skewed(...desk.minutes) * minuteMs, deadline - random.between(2, 12) * minuteMs);
  const over = late ? deadline : decided;
  // The jobs' sweeps, where they would find something to do.
  for (const share of Object.values(stepShares)) {
    const due = asked + (deadline - asked) * share + random.between(1, 9) * 1000;
    if (due < over) timeline.at(due, async () => void (await escalateApprovals(prisma())));
  }
  if (late) {
    timeline.at(deadline + random.between(1, 20) * 1000, async () => void (await expireApprovals(prisma())));
    return;
  }
  const signer = by(random.pick(desk.signers));
  if (random.chance(seenShare)) {
    const seen = Math.max(asked + 20_000, decided - random.between(15, 240) * 1000);
    timeline.at(seen, async () => void (await seeRequest(signer, request.id)));
  }
  const rejects = random.chance(desk.rejects);
  timeline.at(decided, async () => {
    const outcome = rejects
      ? await rejectRequest(signer, request.id, { digest, reason_code: random.pick(codes) })
      : await approveRequest(signer, request.id, { digest, ...(random.chance(0.4) ? { reason: random.pick(approvals) } : {}) });
    if (!outcome.ok) throw new Error(`The sample's request ${request.id} could not be decided: ${outcome.refusal.text}`);
  });
  if (rejects || random.chance(unusedShare)) return;
  timeline.at(decided + random.between(20, 400) * 1000, () => redeem(request.id));
}
