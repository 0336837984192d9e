import { breakerLines } from '@/lib/policy/domain/breaker-words';
import { durationWords, stepWords, whereWords } from '@/lib/policy/domain/sentences';
import { holderWords, triggerSentence } from '@/lib/policy/domain/statements';
import { TIERS, ladderKey } from '@/lib/policy/schema';
import type { Ladder, Policy } from '@/lib/policy/schema';

/** Change is one line of a document that differs: `before` is null for what is new, `after` for what is gone. */
export type Change = { key: string; label: string; before: string | null; after: string | null };

type Line = { key: string; label: string; value: string };
/** holderName answers the name of the process or agent with this id, where it is known. */
type HolderName = (id: string) => string | null;

/** policyChanges compares two documents line by line, in the order of the newer one; everything is new without an older one. */
export function policyChanges(before: Policy | undefined, after: Policy, holderName: HolderName = () => null): Change[] {
  const older = before === undefined ? [] : linesOf(before, holderName);
  const newer = linesOf(after, holderName);
  const was = new Map(older.map((line) => [line.key, line]));
  const is = new Set(newer.map(({ key }) => key));
  const gone = older.filter(({ key }) => !is.has(key)).map(({ key, label, value }) => ({ key, label, before: value, after: null }));
  const kept = newer.map(({ key, label, value }) => ({ key, label, before: was.get(key)?.value ?? null, after: value }));
  return [...kept.filter((change) => change.before !== change.after), ...gone];
}

function linesOf(policy: Policy, holderName: HolderName): Line[] {
  const { selector } = policy;
  const holder = selector.level === 'process' ? selector.process : selector.level === 'agent' ? selector.agent : null;
  const lines: Line[] = [
    { key: 'name', label: 'Name', value: policy.name },
    { key: 'kind', label: 'Kind', value: policy.kind },
    { key: 'for', label: 'For', value: holderWords(selector, holder === null ? null : holderName(holder)) },
    ...[...selector.actions].sort().map((pattern) => ({ key: `action ${pattern}`, label: 'Covers', value: pattern })),
    ...policy.ladders.flatMap(ladderLines),
  ];
  if (policy.triggers) lines.push({ key: 'triggers', label: 'Triggers', value: triggerSentence(policy.triggers) });
  if (policy.approval) lines.push({ key: 'sla', label: 'Time to approve', value: durationWords(policy.approval.slaSeconds) });
  if (policy.reversal) lines.push({ key: 'window', label: 'Time to undo', value: durationWords(policy.reversal.windowSeconds) });
  if (policy.breaker) lines.push(...breakerLines(policy.breaker).map((line) => ({ ...line, key: `breaker ${line.key}` })));
  return lines;
}

function ladderLines(ladder: Ladder): Line[] {
  const where = whereWords('where' in ladder ? ladder.where : undefined);
  return TIERS.flatMap((tier) => {
    const words = tier === 1 ? null : stepWords(ladder, tier);
    const label = `${ladder.dimension}${where === '' ? '' : ` (${where})`}: Tier ${tier} from`;
    return words === null ? [] : [{ key: `${ladderKey(ladder)} ${tier}`, label: capitalised(label), value: words }];
  });
}

const capitalised = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
