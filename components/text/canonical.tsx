import { CopyButton } from '@/components/ui/copy-button';
import { classNames } from '@/components/ui/class-names';
import { Marks } from './verbatim';

type Token = { text: string; kind: 'name' | 'string' | 'other' };

// Canonical JSON has no white space outside strings, so cutting it at strings loses nothing and joining the pieces gives the same bytes.
const stringToken = /"(?:[^"\\]|\\.)*"/g;

function tokensOf(json: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of json.matchAll(stringToken)) {
    if (match.index > from) tokens.push({ text: json.slice(from, match.index), kind: 'other' });
    const end = match.index + match[0].length;
    tokens.push({ text: match[0], kind: json[end] === ':' ? 'name' : 'string' });
    from = end;
  }
  if (from < json.length) tokens.push({ text: json.slice(from), kind: 'other' });
  return tokens;
}

// Line breaks are drawn, not inserted: what is selected or read back is the canonical text and nothing else.
type Line = { depth: number; tokens: Token[] };

function linesOf(json: string): Line[] {
  const lines: Line[] = [];
  let line: Line = { depth: 0, tokens: [] };
  let depth = 0;
  const close = () => {
    if (line.tokens.length > 0) lines.push(line);
    line = { depth, tokens: [] };
  };
  for (const token of tokensOf(json)) {
    if (token.kind !== 'other') {
      line.tokens.push(token);
      continue;
    }
    for (const piece of token.text.split(/(\{\}|\[\]|[{}[\],])/).filter((part) => part !== '')) {
      if (piece === '}' || piece === ']') {
        depth -= 1;
        close();
      }
      line.tokens.push({ text: piece, kind: 'other' });
      if (piece === '{' || piece === '[') depth += 1;
      if (piece === '{' || piece === '[' || piece === ',') close();
    }
  }
  close();
  return lines;
}

const colour = { name: 'text-ink-2', string: 'text-ink', other: 'text-ink' } as const;

/**
 * Canonical shows canonical JSON whole: one member a line by layout alone, hidden characters named, long strings wrapped. Its text content, with the
 * marks read back, is the canonical text byte for byte.
 */
export function Canonical({ json, label, className }: { json: string; label: string; className?: string }) {
  return (
    <div className={classNames('relative rounded-md border border-line bg-sunken', className)}>
      <CopyButton text={json} label={`Copy ${label}`} className="absolute top-1.5 right-1.5 bg-sunken" />
      {/* Scrolls sideways only for nesting, never for text; reachable by keyboard. */}
      <code
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={label}
        data-canonical
        className="block overflow-x-auto py-2 pr-10 pl-3 text-[13px] leading-5"
      >
        {linesOf(json).map((line, i) => (
          <span key={i} className="verbatim block" style={{ paddingLeft: `${line.depth * 16}px` }}>
            {line.tokens.map((token, j) => (
              <span key={j} className={colour[token.kind]}>
                <Marks text={token.text} />
              </span>
            ))}
          </span>
        ))}
      </code>
    </div>
  );
}
