import { TextArea } from '@/components/ui/field';
import { joined } from '@/components/registry/agents/words';
import { REASON_LENGTH_MAX } from '@/lib/registry/schema';

type Props = { words?: readonly string[]; value: string; onChange: (value: string) => void; unsaid?: boolean };

/** ChangeReason asks why a change is wanted, and says what happens to it. `words`: the fields that another person has to agree to; `unsaid`: it was sent without. */
export function ChangeReason({ words, value, onChange, unsaid = false }: Props) {
  return (
    <div className="border-t border-line py-5" data-change-reason>
      {words === undefined ? null : (
        <p className="mb-3 max-w-[72ch]">
          Another person approves a change of {joined(words, 0, 'and')}. Until then the agent stays as it is; all of the form is asked for
          together.
        </p>
      )}
      <TextArea
        label="Why is this needed?"
        rows={3}
        required
        error={unsaid ? 'Say why.' : undefined}
        maxLength={REASON_LENGTH_MAX}
        hint="Whoever decides reads this. It stays with the agent’s record."
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
