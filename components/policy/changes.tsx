import { classNames } from '@/components/ui/class-names';
import type { Change } from '@/lib/policy/domain/changes';

const kindOf = ({ before, after }: Change) => (before === null ? 'added' : after === null ? 'removed' : 'changed');
const marks = { added: { sign: '+', word: 'New' }, removed: { sign: '−', word: 'Gone' }, changed: { sign: '±', word: 'Changed' } } as const;

/** Changes lists what differs line by line: each with what it was and what it becomes, told apart by sign and word as well as by colour. */
export function Changes({ changes, titles: [before, after] }: { changes: readonly Change[]; titles: readonly [string, string] }) {
  if (changes.length === 0) return <p className="text-ink-2">Nothing differs between the two.</p>;
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full border-collapse text-sm" data-changes>
        <caption className="sr-only">What changes</caption>
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-ink-2">
            <th scope="col" className="px-2 font-medium">
              What
            </th>
            <th scope="col" className="px-2 font-medium">
              {before}
            </th>
            <th scope="col" className="px-2 font-medium">
              {after}
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => {
            const { sign, word } = marks[kindOf(change)];
            return (
              <tr key={change.key} className="border-b border-line align-top" data-change={kindOf(change)}>
                <th scope="row" className="px-2 py-1.5 text-left font-normal">
                  <span aria-hidden className="tabular mr-1.5 inline-block w-3 text-center text-ink-2">
                    {sign}
                  </span>
                  <span className="sr-only">{word}: </span>
                  {change.label}
                </th>
                <td className={classNames('px-2 py-1.5', change.after === null ? 'text-danger line-through' : 'text-ink-2')}>
                  {change.before ?? '–'}
                </td>
                <td className="px-2 py-1.5 font-medium">{change.after ?? <span className="font-normal text-ink-2">–</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
