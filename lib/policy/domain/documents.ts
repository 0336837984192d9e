import { parse } from 'yaml';
import { z } from 'zod';
import { POLICY_DOCUMENT_BYTES_MAX, Policy, RateTable } from '@/lib/policy/schema';

export const POLICIES_PER_DOCUMENT_MAX = 1_000;

/** Parsed is a document read, or every problem found in it, one sentence each. */
export type Parsed<Value> = { ok: true; value: Value } | { ok: false; problems: string[] };

const PolicyDocument = z.strictObject({ policies: z.array(Policy).min(1).max(POLICIES_PER_DOCUMENT_MAX) });

/** parsePolicies reads a YAML document `policies: [...]`; unknown members, aliases, repeated keys and repeated ids are problems. */
export function parsePolicies(text: string): Parsed<Policy[]> {
  const document = parseDocument(text, PolicyDocument);
  if (!document.ok) return document;
  const { policies } = document.value;
  const ids = policies.map((policy) => policy.id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length > 0) return { ok: false, problems: repeated.map((id) => `policies: ${id} is there twice`) };
  return { ok: true, value: policies };
}

/** parseRates reads a YAML rate table. */
export function parseRates(text: string): Parsed<RateTable> {
  return parseDocument(text, RateTable);
}

function parseDocument<Shape extends z.ZodType>(text: string, shape: Shape): Parsed<z.infer<Shape>> {
  if (text.length > POLICY_DOCUMENT_BYTES_MAX)
    return { ok: false, problems: [`the document is larger than ${POLICY_DOCUMENT_BYTES_MAX} bytes`] };
  let raw: unknown;
  try {
    // Aliases can make a small file enormous, and hide what a reviewer reads.
    raw = parse(text, { maxAliasCount: 0, uniqueKeys: true, strict: true });
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : 'the document is not YAML'] };
  }
  const parsed = shape.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`) };
}
