import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** Column of a Table. `hide` drops it where there is no room: on a phone, or below a desk. */
export type Column<Row> = {
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: 'right';
  hide?: 'phone' | 'tablet';
  className?: string;
};

const hidden = { phone: 'max-md:hidden', tablet: 'max-lg:hidden' } as const;

/** Table is rows of 36 px under hairlines; a cell that holds the row's link can cover the row with `after:absolute after:inset-0`. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) {
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-ink-2">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classNames(
                  'px-2 font-medium md:whitespace-nowrap',
                  column.align === 'right' && 'text-right',
                  column.hide && hidden[column.hide],
                  column.className,
                )}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              className="relative h-9 border-b border-line hover:bg-sunken has-focus-visible:bg-sunken"
              data-row={keyOf(row)}
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={classNames(
                    'px-2 py-1.5',
                    column.align === 'right' && 'text-right',
                    column.hide && hidden[column.hide],
                    column.className,
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
