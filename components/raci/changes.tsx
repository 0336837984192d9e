import type { CellChange, MatrixView } from '@/lib/raci/schema';
import { changeWords, listed } from './words';

/** Changes lists changed cells: who comes in, who goes out. */
export function Changes({ changes, names }: { changes: readonly CellChange[]; names: Pick<MatrixView, 'people' | 'teams'> }) {
  return (
    <ul className="flex flex-col gap-1.5 text-base" data-changes={changes.length}>
      {changes.map((change) => {
        const { place, added, removed } = changeWords(change, names);
        return (
          <li key={place} className="grid gap-x-3 border-l-2 border-line-strong pl-2.5 sm:grid-cols-[220px_minmax(0,1fr)]">
            <span className="text-sm text-ink-2">{place}</span>
            <span>
              {added.length > 0 ? <span className="block">In: {listed(added)}</span> : null}
              {removed.length > 0 ? <span className="block">Out: {listed(removed)}</span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
