import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { Dimension, ReasonCode, Tier, Verdict } from '@/lib/policy/schema';
import { ActionName, ActionType, AutonomyFloor } from '@/lib/registry/schema';

const VectorRequest = z.strictObject({
  arguments: z.record(z.string(), z.unknown()),
  risk: z.record(z.string(), z.unknown()).optional(),
  confidence: z.number().optional(),
  trigger: z.string().optional(),
  /** What the client says it supports; reporting outcomes unless the vector says otherwise. */
  obligations: z.array(z.string()).default(['report_outcome']),
});

const Expectation = z.strictObject({
  verdict: Verdict,
  tier: Tier.nullable(),
  deciding: z.array(Dimension),
  /** The first reason's code, where the vector is about it. */
  code: ReasonCode.optional(),
  reversalWindowSeconds: z.int().optional(),
});

const VectorFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      type: ActionType.nullable(),
      vectors: z.array(
        z.strictObject({
          name: z.string(),
          action: ActionName.optional(),
          floor: AutonomyFloor.default(1),
          permitted: z.boolean().default(true),
          request: VectorRequest,
          expect: Expectation,
        }),
      ),
    }),
  ),
});

/**
 * Vector is one named promise about a decision under the shipped baseline and rates, from an empty history. `type` is null for
 * a tool nobody registered; `permitted` is whether the agent has a permission for the action; `floor` its autonomy floor.
 */
export type Vector = {
  file: string;
  name: string;
  action: string;
  type: ActionType | null;
  floor: AutonomyFloor;
  permitted: boolean;
  request: z.infer<typeof VectorRequest>;
  expect: z.infer<typeof Expectation>;
};

/** loadVectors reads every vector file; throws on one that is not well formed. */
export function loadVectors(): Vector[] {
  const folder = new URL('vectors/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((file) =>
      VectorFile.parse(parse(readFileSync(new URL(file, folder), 'utf8'))).groups.flatMap(({ type, vectors }) =>
        vectors.map((vector) => ({ ...vector, file, type, action: type?.name ?? vector.action ?? 'unnamed.tool' })),
      ),
    );
}

/** checkBodyOf is the AuthZEN body that asks a vector's question over HTTP. */
export function checkBodyOf({ action, request }: Vector): Record<string, unknown> {
  const { obligations, ...asked } = request;
  return { action: { name: action }, context: { ...asked, supported_obligations: obligations } };
}
