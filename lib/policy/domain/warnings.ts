import { beginsBefore, rungsOf } from '@/lib/policy/domain/rungs';
import type { Rung } from '@/lib/policy/domain/rungs';
import { stepWords } from '@/lib/policy/domain/sentences';
import type { ActionPattern, Ladder, Policy, RateTable, Selector, Where } from '@/lib/policy/schema';

/** Warning is something a person should look at before asking others to sign; none of them forbids. `ladder` is the index it is about. */
export type Warning = { ladder: number | null; text: string };

type Known = {
  /** The guardrails in force, of other policies. */
  guardrails: readonly Policy[];
  rates: RateTable;
  /** The names of all action types. */
  actions: readonly string[];
};

/** policyWarnings lists what in a document probably is not meant: tiers that never decide, patterns that match nothing, rules that ask nothing. */
export function policyWarnings(policy: Policy, known: Known): Warning[] {
  return [
    ...policy.selector.actions
      .filter((pattern) => !known.actions.some((name) => matchesPattern(pattern, name)))
      .map((pattern) => ({ ladder: null, text: `${pattern} matches no action type yet.` })),
    ...(policy.ladders.length === 0 && policy.triggers === undefined
      ? [{ ladder: null, text: 'There is no ladder: the policy covers its actions and asks for nothing.' }]
      : []),
    ...policy.ladders.flatMap((ladder, index) => ladderWarnings(policy, ladder, known).map((text) => ({ ladder: index, text }))),
  ];
}

/** matchesPattern tells whether a pattern covers an action name. */
export const matchesPattern = (pattern: ActionPattern, action: string): boolean =>
  pattern === '*' || pattern === action || (pattern.endsWith('.*') && action.startsWith(pattern.slice(0, -1)));

function ladderWarnings(policy: Policy, ladder: Ladder, { guardrails, rates }: Known): string[] {
  if (ladder.dimension === 'scope') return [];
  const rungs = rungsOf(policy, ladder, '', rates);
  const warnings: string[] = [];
  for (const rung of [...rungs].reverse()) {
    const words = beginning(stepWords(ladder, rung.tier) ?? '');
    const higher = rungs.find((other) => other.tier > rung.tier && beginsBefore(other.from, rung.from));
    if (higher) {
      warnings.push(`Tier ${rung.tier} (${words}) never decides: Tier ${higher.tier} begins no later.`);
      continue;
    }
    const stricter =
      policy.kind === 'guardrail' ? undefined : guardrails.find((guardrail) => alwaysStricter(guardrail, policy, rung, ladder, rates));
    if (stricter) warnings.push(`Tier ${rung.tier} (${words}) never decides: the guardrail ${stricter.name} is at least as strict there.`);
  }
  return warnings;
}

const beginning = (words: string): string => (words.startsWith('below') ? words : `from ${words}`);

function alwaysStricter(
  guardrail: Policy,
  policy: Policy,
  rung: Rung,
  ladder: Exclude<Ladder, { dimension: 'scope' }>,
  rates: RateTable,
): boolean {
  if (!coversAll(guardrail.selector, policy.selector)) return false;
  return guardrail.ladders.some(
    (other) =>
      other.dimension === ladder.dimension &&
      isWeaker(other.where, ladder.where) &&
      rungsOf(guardrail, other, '', rates).some((theirs) => theirs.tier >= rung.tier && beginsBefore(theirs.from, rung.from)),
  );
}

/** coversAll tells whether everything one selector selects is selected by another: at its own level or for the whole organisation. */
function coversAll(wider: Selector, narrower: Selector): boolean {
  const sameHolder =
    wider.level === 'organisation' ||
    (wider.level === 'process' && narrower.level === 'process' && wider.process === narrower.process) ||
    (wider.level === 'agent' && narrower.level === 'agent' && wider.agent === narrower.agent);
  return sameHolder && narrower.actions.every((pattern) => wider.actions.some((other) => patternCovers(other, pattern)));
}

const patternCovers = (wider: ActionPattern, narrower: ActionPattern): boolean =>
  wider === narrower || matchesPattern(wider, narrower.endsWith('.*') ? narrower.slice(0, -1) : narrower === '*' ? '' : narrower);

/** isWeaker tells whether a `where` holds whenever another does. */
function isWeaker(weaker: Where | undefined, stronger: Where | undefined): boolean {
  if (weaker === undefined) return true;
  const effect =
    weaker.effect === undefined || weaker.effect === stronger?.effect || (weaker.effect === 'above_read' && stronger?.effect !== undefined);
  const asks = (labels: readonly string[] | undefined, by: readonly string[] | undefined) =>
    (labels ?? []).every((label) => by?.includes(label));
  const audience =
    weaker.audience === undefined ||
    weaker.audience === stronger?.audience ||
    (weaker.audience === 'external' && stronger?.audience === 'public');
  return effect && audience && asks(weaker.categories, stronger?.categories) && asks(weaker.regimes, stronger?.regimes);
}
