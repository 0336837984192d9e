import { prisma } from '@/lib/platform/db/prisma';
import { compilePolicies } from '../domain';
import { previewAction } from '../domain/preview';
import type { PolicySet } from '../domain/policy-set';
import type { Preview, PreviewRequest } from '../schema/preview';
import { findRates, listActivePolicies } from '../service';

type Today = { epoch: bigint; set: PolicySet; names: ReadonlyMap<string, string>; asked: number };

/** A set remembers a plan for every type it is asked about, and here each question is a type of its own. */
const QUESTIONS_PER_SET = 500;

// Someone who types asks several times a second, and policies change a few times a day.
let kept: Today | undefined;

/** readPreview says what a classification would make of sample arguments under the policies in force; undefined before there is a rate table. */
export async function readPreview(request: PreviewRequest): Promise<Preview | undefined> {
  const today = await readToday();
  if (!today) return undefined;
  const { decision, ...rest } = previewAction(request, today.set);
  if (decision === null) return { ...rest, decision };
  const { verdict, tier, deciding, reversalWindowSeconds } = decision;
  const reasons = decision.reasons.map((reason) => ({
    ...reason,
    policyName: reason.policy === undefined ? null : (today.names.get(reason.policy) ?? null),
  }));
  const window = reversalWindowSeconds === undefined ? {} : { reversalWindowSeconds };
  return { ...rest, decision: { verdict, tier, deciding, reasons, ...window } };
}

async function readToday(): Promise<Today | undefined> {
  const rows = await prisma().$queryRaw<{ epoch: bigint }[]>`SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1`;
  const epoch = rows[0]?.epoch ?? 0n;
  if (kept?.epoch === epoch && kept.asked < QUESTIONS_PER_SET) {
    kept.asked += 1;
    return kept;
  }
  const [policies, rates] = await Promise.all([listActivePolicies(), findRates()]);
  if (!rates) return undefined;
  kept = { epoch, set: compilePolicies(policies, rates), names: new Map(policies.map(({ id, name }) => [id, name])), asked: 0 };
  return kept;
}
