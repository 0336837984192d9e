import { policySentences } from '@/lib/policy/domain/statements';
import type { PolicyNaming } from '@/lib/policy/reading/schema';
import type { Policy } from '@/lib/policy/schema';
import { namesFor } from './words';

/** Says is everything a policy asks, in sentences. */
export function Says({ policy, naming }: { policy: Policy; naming: PolicyNaming }) {
  const sentences = policySentences(policy, namesFor(policy, naming));
  if (sentences.length === 0) return <p className="text-ink-2">It asks for nothing.</p>;
  return (
    <ul className="flex max-w-[72ch] list-disc flex-col gap-1 pl-5" data-sentences>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
