import { readFileSync } from 'node:fs';
import { parsePolicies, parseRates } from '@/lib/policy/domain/documents';
import type { Parsed } from '@/lib/policy/domain/documents';
import type { Policy, RateTable } from '@/lib/policy/schema';

// Not re-exported by the folder's index: this is the one file of the engine that reads a disk, and browsers cannot.

const shipped = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

/** baselinePolicies reads the policies that ship. A bundled process, whose files have moved, passes the text of `baseline.yaml`. Throws on a broken document. */
export function baselinePolicies(text: string = shipped('baseline.yaml')): Policy[] {
  return required(parsePolicies(text), 'the baseline policies');
}

/** baselineRates reads the rate table that ships (`rates.yaml`), in the same way. */
export function baselineRates(text: string = shipped('rates.yaml')): RateTable {
  return required(parseRates(text), 'the rate table');
}

function required<Value>(parsed: Parsed<Value>, what: string): Value {
  if (!parsed.ok) throw new Error(`${what} cannot be read: ${parsed.problems.join('; ')}`);
  return parsed.value;
}
