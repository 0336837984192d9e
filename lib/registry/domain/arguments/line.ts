import type { Json } from '@/lib/kernel/canonical';
import { parseStrictJson } from '@/lib/kernel/strict-json';

/** TypedJson is what a person typed as JSON, or the first thing that is wrong with it and where. Lines and columns count from 1. */
export type TypedJson = { ok: true; value: Json } | { ok: false; line: number; column: number; text: string };

/** readTypedJson reads JSON from a text field as strictly as the gate reads a request. */
export function readTypedJson(text: string): TypedJson {
  const parsed = parseStrictJson(text);
  if (parsed.ok) return parsed;
  const before = text.slice(0, parsed.offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { ok: false, line, column, text: `Line ${line}, column ${column}: ${parsed.reason}.` };
}
