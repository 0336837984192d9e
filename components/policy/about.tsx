import { Fact, Facts } from '@/components/text/facts';
import { holderWords, KIND_WORDS } from '@/lib/policy/domain/statements';
import { breakerLines } from '@/lib/policy/domain/breaker-words';
import { durationWords } from '@/lib/policy/domain/sentences';
import type { PolicyNaming } from '@/lib/policy/reading/schema';
import type { Policy } from '@/lib/policy/schema';
import { capitalised, namesFor } from './words';

/** About is what a policy is and what it is for, before its ladders. */
export function About({ policy, naming }: { policy: Policy; naming: PolicyNaming }) {
  const { holder } = namesFor(policy, naming);
  const { word, meaning } = KIND_WORDS[policy.kind];
  return (
    <Facts>
      <Fact name="Kind">
        {word}
        {policy.baseline ? ' of the baseline' : ''}. <span className="text-ink-2">{meaning}</span>
      </Fact>
      <Fact name="For">{capitalised(holderWords(policy.selector, holder))}</Fact>
      <Fact name="Covers">
        <Patterns actions={policy.selector.actions} naming={naming} />
      </Fact>
      {policy.approval ? <Fact name="Time to approve">{durationWords(policy.approval.slaSeconds)}</Fact> : null}
      {policy.reversal ? <Fact name="Time to undo">{durationWords(policy.reversal.windowSeconds)}</Fact> : null}
      {policy.breaker
        ? breakerLines(policy.breaker).map(({ key, label, value }) => (
            <Fact key={key} name={label}>
              {value}
            </Fact>
          ))
        : null}
    </Facts>
  );
}

function Patterns({ actions, naming }: { actions: readonly string[]; naming: PolicyNaming }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-0.5">
      {actions.map((pattern) => (
        <li key={pattern}>
          {pattern === '*' ? (
            'every action'
          ) : (
            <>
              <code className="text-[13px]">{pattern}</code>
              {naming.titles[pattern] ? <span className="text-ink-2"> {naming.titles[pattern]}</span> : null}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
