import { CopyButton } from '@/components/ui/copy-button';

/** Digest is a SHA-256 in full, in groups of eight so that two can be compared by eye; what is copied has no gaps. */
export function Digest({ value, label }: { value: string; label: string }) {
  const [algorithm, hex] = value.includes(':') ? value.split(':') : [undefined, value];
  return (
    <span className="inline-flex max-w-full items-start gap-1">
      <code data-digest={value} className="flex flex-wrap gap-x-[0.6ch] pt-1 text-xs leading-5 break-all text-ink">
        {algorithm === undefined ? null : <span className="text-ink-2">{algorithm}:</span>}
        {(hex ?? '').match(/.{1,8}/g)?.map((group, i) => (
          <span key={i}>{group}</span>
        ))}
      </code>
      <CopyButton text={value} label={`Copy ${label}`} />
    </span>
  );
}
