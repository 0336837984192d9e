import { Fact, Facts } from '@/components/text/facts';
import { Verbatim } from '@/components/text/verbatim';

const order = ['summary', 'rationale', 'confidence', 'state', 'trigger', 'model', 'sources', 'risk', 'traceparent'] as const;
const words: Record<(typeof order)[number], string> = {
  summary: 'Summary',
  rationale: 'Rationale',
  confidence: 'Confidence',
  state: 'State',
  trigger: 'Trigger',
  model: 'Model',
  sources: 'Sources',
  risk: 'Risk it declares',
  traceparent: 'Trace',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Said shows the agent's own account as plain text, marked as its words: it may be wrong, and it may be written to persuade. */
export function Said({ said }: { said: Record<string, unknown> }) {
  const given = order.filter((name) => said[name] !== undefined && said[name] !== null);
  if (given.length === 0) return <p className="text-ink-2">The agent gave no account of its own.</p>;
  return (
    <figure className="rounded-md border border-dashed border-line-strong p-3" data-said>
      <figcaption className="mb-2 text-xs text-ink-2">The agent’s own words. Nobody checked them.</figcaption>
      <Facts>
        {given.map((name) => (
          <Fact key={name} name={words[name]}>
            <Verbatim
              text={textOf(said[name])}
              multiline
              className={typeof said[name] === 'string' ? 'block max-w-[72ch]' : 'block font-mono text-[13px]'}
            />
          </Fact>
        ))}
      </Facts>
    </figure>
  );
}
