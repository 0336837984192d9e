import { createHash } from 'node:crypto';
import type { Dimension, Tier, Verdict } from '@/lib/policy/schema';

/** Answer is what the gate said to one check. */
export type Answer = {
  decision: string;
  allowed: boolean;
  verdict: Verdict;
  tier: Tier | null;
  deciding: readonly Dimension[];
  codes: readonly string[];
};

/** Asked is what became of a request for approval, and the answer to the one check that redeemed it. */
export type Asked = { id: string; status: 'approved' | 'rejected' | 'expired'; redeemed?: Answer };

/** Outcome is one recorded call with the one decision on it. */
export type Outcome = { run: string; seq: number; tool: string; answer: Answer; asked?: Asked };

const verdicts = ['allow', 'allow_reversible', 'approval_required', 'halt', 'deny'] as const satisfies readonly Verdict[];
const tiers = ['1', '2', '3', '4', 'none'] as const;

export type Counts = { calls: number; tiers: Record<(typeof tiers)[number], number>; verdicts: Record<Verdict, number> };
export type Summary = {
  calls: number;
  /** Distinct decisions on the calls themselves; equal to `calls` when each got its own. */
  decisions: number;
  /** Further decisions: the checks that redeemed an approval. */
  redemptions: number;
  tools: { tool: string; counts: Counts }[];
  total: Counts;
  approvals: { asked: number; approved: number; rejected: number; expired: number; redeemed: number; refusedWhenUsed: number };
  /** SHA-256 over every verdict in order, without ids or times: equal for equal decisions. */
  digest: string;
};

const none = (): Counts => ({
  calls: 0,
  tiers: { 1: 0, 2: 0, 3: 0, 4: 0, none: 0 },
  verdicts: { allow: 0, allow_reversible: 0, approval_required: 0, halt: 0, deny: 0 },
});

/** summarise counts outcomes per tool, in the order of the most called, and digests their verdicts. */
export function summarise(outcomes: readonly Outcome[]): Summary {
  const byTool = new Map<string, Counts>();
  const total = none();
  const asked = new Map<string, Asked>();
  const decisions = new Set<string>();
  const redemptions = new Set<string>();
  for (const outcome of outcomes) {
    const counts = byTool.get(outcome.tool) ?? none();
    byTool.set(outcome.tool, counts);
    for (const each of [counts, total]) {
      each.calls += 1;
      each.tiers[outcome.answer.tier ?? 'none'] += 1;
      each.verdicts[outcome.answer.verdict] += 1;
    }
    decisions.add(outcome.answer.decision);
    if (outcome.asked) asked.set(outcome.asked.id, outcome.asked);
    if (outcome.asked?.redeemed) redemptions.add(outcome.asked.redeemed.decision);
  }
  const requests = [...asked.values()];
  const having = (status: Asked['status']) => requests.filter((request) => request.status === status).length;
  const used = requests.filter((request) => request.redeemed !== undefined);
  return {
    calls: outcomes.length,
    decisions: decisions.size,
    redemptions: redemptions.size,
    tools: [...byTool]
      .map(([tool, counts]) => ({ tool, counts }))
      .sort((a, b) => b.counts.calls - a.counts.calls || (a.tool < b.tool ? -1 : 1)),
    total,
    approvals: {
      asked: requests.length,
      approved: having('approved'),
      rejected: having('rejected'),
      expired: having('expired'),
      redeemed: used.filter((request) => request.redeemed?.allowed).length,
      refusedWhenUsed: used.filter((request) => !request.redeemed?.allowed).length,
    },
    digest: verdictDigest(outcomes),
  };
}

function verdictDigest(outcomes: readonly Outcome[]): string {
  const judged = (answer: Answer) => [answer.verdict, answer.tier, [...answer.deciding].sort(), [...answer.codes].sort()];
  const hash = createHash('sha256');
  for (const { run, seq, tool, answer, asked } of outcomes) {
    const then = asked === undefined ? null : [asked.status, asked.redeemed === undefined ? null : judged(asked.redeemed)];
    hash.update(`${JSON.stringify([run, seq, tool, judged(answer), then])}\n`);
  }
  return `sha-256:${hash.digest('hex')}`;
}

/** isComplete tells whether every call got one decision of its own. */
export const isComplete = (summary: Summary, calls: number): boolean => summary.calls === calls && summary.decisions === calls;

const head = ['tool', 'calls', 'T1', 'T2', 'T3', 'T4', '-', 'allow', 'reversible', 'approval', 'halt', 'deny'];

/** tableOf prints verdicts and tiers per tool, then the totals, for people. */
export function tableOf(summary: Summary, seconds: number): string {
  const { approvals } = summary;
  const row = (name: string, { calls, tiers: perTier, verdicts: perVerdict }: Counts) => [
    name,
    number(calls),
    ...tiers.map((tier) => (perTier[tier] === 0 ? '·' : number(perTier[tier]))),
    ...verdicts.map((verdict) => (perVerdict[verdict] === 0 ? '·' : number(perVerdict[verdict]))),
  ];
  const rows = [head, ...summary.tools.map(({ tool, counts }) => row(tool, counts)), row('total', summary.total)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  return [
    line(head),
    rule,
    ...rows.slice(1, -1).map(line),
    rule,
    line(rows.at(-1) ?? []),
    '',
    `decisions   ${number(summary.decisions)} for ${number(summary.calls)} calls, and ${number(summary.redemptions)} more that redeemed an approval`,
    `approvals   ${number(approvals.asked)} asked: ${number(approvals.approved)} approved, ${number(approvals.rejected)} rejected, ${number(approvals.expired)} ran out; ` +
      `${number(approvals.redeemed)} redeemed${approvals.refusedWhenUsed === 0 ? '' : `, ${number(approvals.refusedWhenUsed)} refused when used`}`,
    `verdicts    ${summary.digest}`,
    `time        ${seconds.toFixed(1)} s`,
  ].join('\n');
}

const number = (value: number): string => value.toLocaleString('en-US');
