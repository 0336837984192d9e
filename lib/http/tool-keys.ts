import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { ToolKeyId, type ToolKeyRefusal } from '@/lib/registry/schema/tool-keys';
import { Refused } from './answers';
import { SystemParams } from './registry-actions';

export const ToolKeyParams = SystemParams.extend({ key: ToolKeyId });
export const RevokedToolKeyAnswer = z.object({ id: z.string(), system: z.string() });

/** One table from a refusal about a tool key to its problem: what happened, what was kept, what to do. */
const refusals = {
  NOT_ALLOWED: ['FORBIDDEN', 'Your roles do not allow this. Nothing was changed.'],
  NOT_FOUND: ['NOT_FOUND', 'There is nothing here that you may see.'],
  TOO_MANY: ['CONFLICT', 'This system has 20 keys that work. Revoke one that nobody needs, then make another. Nothing was made.'],
  ALREADY_REVOKED: ['CONFLICT', 'This key was revoked already. Nothing more was changed.'],
} as const satisfies Record<ToolKeyRefusal, readonly [ProblemCode, string]>;

/** refuseToolKey turns a refusal about a tool key into its problem. */
export function refuseToolKey({ code }: { code: ToolKeyRefusal }): Refused {
  const [problem, sentence] = refusals[code];
  return new Refused(problem, sentence);
}
