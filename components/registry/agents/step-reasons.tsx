import type { Step } from '@/lib/registry/reading/schema';

const nouns: Record<string, string> = {
  submit: 'Handing over',
  approve: 'Approving',
  reject: 'Sending back',
  reopen: 'Taking back to draft',
  activate: 'Activating',
  suspend: 'Suspending',
  resume: 'Resuming',
  decommission: 'Decommissioning',
};

/** StepReasons says why this person cannot take the steps there are, each in the words the server would refuse it with. */
export function StepReasons({ steps }: { steps: readonly Step[] }) {
  const refused = steps.filter(({ move, why }) => why !== null && move !== 'decommission');
  if (refused.length === 0) return null;
  return (
    <ul className="border-b border-line py-3 text-sm text-ink-2">
      {refused.map(({ move, why }) => (
        <li key={move} data-step-refused={move}>
          {nouns[move] ?? move}: {why}
        </li>
      ))}
    </ul>
  );
}
