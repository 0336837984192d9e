import { intervalText, kinds, rowsText } from './findings';
import type { Verdict } from './verify';

/** reportText says the verdict to a person. */
export function reportText(verdict: Verdict): string {
  const { checkpoints, sides, rows, seconds } = verdict;
  const speed = seconds > 0.2 ? `, ${Math.round(rows / seconds).toLocaleString('en')} a second` : '';
  const more = verdict.findingsTotal - verdict.findings.length;
  return [
    `Ledger       ${verdict.source}: ${rows.toLocaleString('en')} rows${speed}`,
    checkpoints
      ? `Checkpoints  ${checkpoints.directory}: ${checkpoints.files} (sizes ${checkpoints.smallest} to ${checkpoints.largest})${checkpoints.ignored > 0 ? `, ${checkpoints.ignored} other files ignored` : ''}`
      : 'Checkpoints  none, as asked',
    ...(checkpoints?.key ? [`Key          ${checkpoints.key} (from ${checkpoints.keyFrom})`] : []),
    ...(sides ? [`Side rows    ${sides.intact} as committed to, ${sides.erased} erased`] : []),
    '',
    ...(verdict.result === 'tampered' ? found(verdict) : agreed(verdict)),
    ...resumed(verdict),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
    ...(verdict.notes.length > 0 ? ['Not proven:', ...verdict.notes.map((note) => `  ${note}`)] : []),
  ].join('\n');
}

function agreed({ proven, last, checkpoints, result }: Verdict): string[] {
  if (result !== 'agrees')
    return [
      result === 'resumed'
        ? 'RESUMED, NOT WHOLE: the ledger goes on from an older state, and rows that were signed are not in it.'
        : 'AGREES, but for what you named: the ledger goes on from an older state, and rows that were signed are not in it.',
      `Rows 1 to ${proven} are, byte for byte and in this order, the rows that were signed in the history that goes on.`,
      ...(last > proven ? [`Rows ${proven + 1n} to ${last} follow them in one unbroken chain.`] : []),
    ];
  if (!checkpoints) return [`AGREES: rows 1 to ${last} form one unbroken chain.`];
  return [
    `AGREES: rows 1 to ${proven} are, byte for byte and in this order, the rows that were signed and handed outside; nothing was changed, removed, inserted or cut.`,
    ...(last > proven ? [`Rows ${proven + 1n} to ${last} follow them in one unbroken chain.`] : []),
  ];
}

function found({ findings, firstBad, proven }: Verdict): string[] {
  return [
    'TAMPERED:',
    ...findings.map(
      ({ kind, interval, detail }) => `  ${kind} (${kinds[kind]}): ${detail}${interval ? ` [${intervalText(interval)}]` : ''}`,
    ),
    '',
    ...(firstBad
      ? [
          `First bad interval: ${intervalText(firstBad)}. ${proven > 0n ? `Rows 1 to ${proven} are as they were signed.` : 'No row before it is vouched for.'}`,
        ]
      : []),
  ];
}

function resumed({ resumptions, result }: Verdict): string[] {
  if (resumptions.length === 0) return [];
  const unknown = resumptions.filter(({ known }) => !known);
  return [
    '',
    'Abandoned:',
    ...resumptions.flatMap(({ id, row, askedRow, askedBy, signedBy, origin, from, to }) => [
      from > to
        ? `  Whatever followed row ${to} under ${origin}: the checkpoints were lost, so whether rows are missing cannot be told.`
        : `  ${rowsText(from, to)}, as they were signed under ${origin}: what they recorded cannot be shown from this ledger.`,
      `    Resumption ${id}: asked by ${askedBy ?? 'nobody'}${askedRow === null ? '' : ` (row ${askedRow})`}, signed by ${signedBy ?? 'nobody'} (row ${row}), as the ledger says.`,
    ]),
    ...(result === 'resumed'
      ? [
          'Whoever owned the database could have written those rows too: ask the people named whether they signed, and why. If they did, say so with',
          `  ${unknown.map(({ id }) => `--resumed ${id}`).join(' ')}`,
        ]
      : []),
  ];
}

/** reportJson is the verdict for machines; row numbers are strings, since they may pass what a double holds. */
export function reportJson(verdict: Verdict): string {
  return JSON.stringify(verdict, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}
