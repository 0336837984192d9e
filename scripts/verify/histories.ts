import type { Finding } from './findings';
import type { Abandonment, SignedHead } from './notes';

/** One history that the key signed: the first, under the log's own origin, or one that a resumption began. By size, each size once. */
export type History = { origin: string; began: Abandonment | null; heads: SignedHead[] };

/** The newest history: every head that its rows must give, and the resumptions on the way to it, oldest first. */
export type Followed = { origin: string; heads: SignedHead[]; resumptions: Abandonment[]; findings: Finding[] };

const bySize = (a: SignedHead, b: SignedHead): number => (a.size < b.size ? -1 : 1);
const finding = (kind: Finding['kind'], detail: string, size?: bigint): Finding => ({
  kind,
  seqs: size === undefined ? [] : [size],
  interval: null,
  detail,
});

/** followNewest picks the history that began last and was signed in, with what it kept of those before it. What does not fit together is a finding. */
export function followNewest(histories: readonly History[]): Followed {
  const signed = histories.filter(({ heads }) => heads.length > 0).sort((a, b) => (a.began?.number ?? 0) - (b.began?.number ?? 0));
  const newest = signed.at(-1);
  const followed: Followed = { origin: newest?.origin ?? '', heads: [], resumptions: [], findings: [] };
  const passed = new Set<string>();
  let upTo: bigint | null = null;
  for (let history: History | undefined = newest; history;) {
    passed.add(history.origin);
    const { heads, began, origin }: History = history;
    const limit = upTo;
    followed.heads.push(...heads.filter(({ size }) => limit === null || size <= limit));
    if (!began) break;
    followed.resumptions.unshift(began);
    const parent: History | undefined = histories.find((one) => one.origin === began.origin);
    if (heads[0] && heads[0].size < began.row)
      followed.findings.push(finding('resumption_forged', `${origin} signed row ${heads[0].size}, before row ${began.row} resumed it`));
    if (parent) followed.findings.push(...misfits(began, parent));
    upTo = upTo === null || began.kept.size < upTo ? began.kept.size : upTo;
    // Signed with what was abandoned, so it is vouched for even where its own file is lost.
    if (began.kept.size > 0n && !followed.heads.concat(parent?.heads ?? []).some(({ size }) => size === began.kept.size))
      followed.heads.push(began.kept);
    history = parent && !passed.has(parent.origin) ? parent : undefined;
  }
  for (const { origin, heads } of signed)
    if (!passed.has(origin))
      followed.findings.push(
        finding('checkpoints_disagree', `${origin} was signed up to row ${heads.at(-1)?.size ?? 0n}, and no later history goes on from it`),
      );
  followed.heads.sort(bySize);
  return followed;
}

/** In which ways a resumption does not tell of the checkpoints of the history that it says it abandoned. */
function misfits({ resumption, abandoned, kept }: Abandonment, parent: History): Finding[] {
  const last = parent.heads.at(-1);
  const at = (size: bigint) => parent.heads.find((head) => head.size === size);
  const differs = (head: SignedHead) => at(head.size)?.root.equals(head.root) === false;
  return [
    ...(last && last.size > abandoned.size
      ? [
          finding(
            'checkpoints_disagree',
            `${parent.origin} was signed up to row ${last.size}, and resumption ${resumption} abandoned it at row ${abandoned.size}`,
            last.size,
          ),
        ]
      : []),
    ...(differs(abandoned) || differs(kept) || kept.size > abandoned.size
      ? [finding('resumption_forged', `resumption ${resumption} does not name the checkpoints of ${parent.origin} as they were signed`)]
      : []),
  ];
}
