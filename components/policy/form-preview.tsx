'use client';

import { Section } from '@/components/text/facts';
import { Notice } from '@/components/ui/page';
import { policyChanges } from '@/lib/policy/domain/changes';
import { readForm, type DraftForm, type FixedParts } from '@/lib/policy/domain/form';
import { policyWarnings } from '@/lib/policy/domain/warnings';
import type { DraftPage, FormOptions } from '@/lib/policy/reading/schema';
import { Changes } from './changes';
import { Says } from './says';

type Props = { typed: DraftForm; fixed: FixedParts; draft: DraftPage; options: FormOptions };

/** FormPreview says beside the form what the draft means as it stands: everything it asks, what it changes, and what probably is not meant. */
export function FormPreview({ typed, fixed, draft, options }: Props) {
  const { policy, problems } = readForm(typed, fixed);
  if (policy === null)
    return (
      <Section title="What it asks">
        <p className="text-ink-2">
          {problems.length === 1 ? 'One field needs' : `${problems.length} fields need`} another look before this can be said.
        </p>
      </Section>
    );
  const names = {
    ...draft.naming.holders,
    ...Object.fromEntries([...options.processes, ...options.agents].map(({ id, name }) => [id, name])),
  };
  const titles = Object.fromEntries(options.actions.map(({ id, name }) => [id, name]));
  const known = { guardrails: options.guardrails, rates: options.rates, actions: options.actions.map(({ id }) => id) };
  const warnings = policyWarnings(policy, known).filter(({ ladder }) => ladder === null);
  return (
    <div className="min-w-0 lg:sticky lg:top-4 lg:self-start">
      <Section title="What changes">
        <Changes
          changes={policyChanges(draft.inForce?.document, policy, (id) => names[id] ?? null)}
          titles={[draft.inForce ? `Version ${draft.inForce.version}, in force` : 'Before', 'This draft']}
        />
      </Section>
      <Section title="What it asks">
        <Says policy={policy} naming={{ titles, holders: names }} />
        {warnings.length === 0 ? null : (
          <div className="mt-3 flex flex-col gap-2">
            {warnings.map(({ text }) => (
              <Notice key={text} tone="warn">
                {text}
              </Notice>
            ))}
          </div>
        )}
      </Section>
    </div>
  );
}
