import { dimensionWord, TierMark } from '@/components/text/verdict';
import { Table, type Column } from '@/components/ui/table';
import { stepWords, whereWords } from '@/lib/policy/domain/sentences';
import { ladderKey, RAISED_TIERS } from '@/lib/policy/schema';
import type { Ladder } from '@/lib/policy/schema';
import { capitalised } from './words';

const columns: Column<Ladder>[] = [
  { key: 'dimension', title: 'What is looked at', cell: (ladder) => <Looked ladder={ladder} /> },
  ...RAISED_TIERS.map((tier): Column<Ladder> => ({
    key: `${tier}`,
    title: (
      <>
        <TierMark tier={tier} /> from
      </>
    ),
    cell: (ladder) => <span className="tabular">{stepWords(ladder, tier) ?? <span className="text-ink-2">–</span>}</span>,
  })),
];

function Looked({ ladder }: { ladder: Ladder }) {
  const where = whereWords('where' in ladder ? ladder.where : undefined);
  return (
    <>
      {capitalised(dimensionWord(ladder.dimension))}
      {where === '' ? null : <span className="block text-ink-2">{where}</span>}
    </>
  );
}

/** Ladders is a policy's ladders as a table, on a phone as a list: what is looked at, and where each tier begins. */
export function Ladders({ ladders }: { ladders: readonly Ladder[] }) {
  if (ladders.length === 0) return <p className="text-ink-2">No ladders: it covers its actions and raises nothing by itself.</p>;
  return (
    <>
      <div className="max-md:hidden">
        <Table caption="Where each tier begins" columns={columns} rows={ladders} keyOf={ladderKey} />
      </div>
      <ul className="flex flex-col divide-y divide-line md:hidden">
        {ladders.map((ladder) => (
          <li key={ladderKey(ladder)} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2 text-sm">
            <span>
              <Looked ladder={ladder} />
            </span>
            <span className="tabular flex flex-col items-end">
              {RAISED_TIERS.map((tier) => {
                const words = stepWords(ladder, tier);
                return words === null ? null : (
                  <span key={tier}>
                    Tier {tier} from <span className="font-medium">{words}</span>
                  </span>
                );
              })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
