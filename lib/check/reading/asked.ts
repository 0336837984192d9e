import type { ApprovalRow } from '@/lib/approvals/reading';
import { mayReadArguments } from '@/lib/approvals/domain';
import { redact, type CanonicalAction } from '@/lib/approvals/domain/wording';
import { DecisionArguments, DecisionPayload } from '@/lib/check/schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { sameBytes, sha256 } from '@/lib/kernel/hash';
import type { LedgerEvent, Side } from '@/lib/ledger/reading';
import type { User } from '@/lib/people/service';
import { readPolicyNames, policyKey } from '@/lib/policy/reading';
import type { ShownArguments } from './schema';
import { canonicalOf } from './sentences';

/** What the ledger says of the decision that asked: its payload, and its arguments as far as this person may see them. */
export type Asked = {
  payload: DecisionPayload | null;
  shown: ShownArguments;
  canonical: CanonicalAction | null;
  said: Record<string, unknown> | null;
};

const notFound: Asked = { payload: null, shown: { state: 'unreadable' }, canonical: null, said: null };

/** askedOf reads the decision behind a request, and proves its arguments against the request's digest and the ledger row. */
export function askedOf(person: User, row: ApprovalRow, found: { event: LedgerEvent; side: Side } | undefined): Asked {
  if (!found) return notFound;
  const { event, side } = found;
  const parsed = DecisionPayload.safeParse(event.payload);
  const payload = parsed.success ? parsed.data : null;
  if (side.state === 'none' || side.state === 'erased') return { ...notFound, payload, shown: { state: 'erased' } };
  const opened = side.text === undefined ? undefined : DecisionArguments.safeParse(JSON.parse(side.text));
  if (!opened?.success) return { ...notFound, payload };
  const { canonical, said } = opened.data;
  if (!mayReadArguments(person, row))
    return { payload, shown: { state: 'redacted', canonical: canonicalJson(redact(JSON.parse(canonical))) }, canonical: null, said: null };
  // What is shown must be what is signed: its digest is that of the request, and the ledger row commits to it.
  const digest = sha256(canonical);
  const agrees = side.committed && sameBytes(digest, side.digest) && sameBytes(digest, row.digest);
  return { payload, shown: { state: 'full', canonical, agrees }, canonical: canonicalOf(canonical), said };
}

/** withPolicyNames gives each reason the name of the policy that said so. */
export async function withPolicyNames<Reason extends DecisionPayload['reasons'][number]>(
  reasons: readonly Reason[],
): Promise<(Reason & { policyName: string | null })[]> {
  const refs = reasons.flatMap(({ policy, version }) => (policy !== undefined && version !== undefined ? [{ id: policy, version }] : []));
  const names = await readPolicyNames(refs);
  return reasons.map((reason) => ({
    ...reason,
    policyName:
      reason.policy !== undefined && reason.version !== undefined ? (names.get(policyKey(reason.policy, reason.version)) ?? null) : null,
  }));
}
