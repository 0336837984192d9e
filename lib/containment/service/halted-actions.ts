import { z } from 'zod';
import { sameBytes, sha256 } from '@/lib/kernel/hash';
import { readEvent, readUnsealed, type LedgerEvent, type Side } from '@/lib/ledger/reading';

/** HaltedAction is the one action a decision halted, as the ledger has it. `digest` is null when its arguments are gone or are not what the row commits to. */
export type HaltedAction = {
  decisionId: string;
  seq: bigint;
  agentId: string;
  processId: string;
  workflowId: string;
  action: string;
  deciding: string[];
  /** Halted for how risky it is, not because it is not the agent's at all. */
  authorisable: boolean;
  digest: Uint8Array | null;
  /** Whom it was asked for: a user id or an e-mail. */
  asker: string | null;
};

/** What is not the agent's at all is given by a permission or a classification, with the reviews these take, never beside them. */
const outsideScope: ReadonlySet<string> = new Set(['OUT_OF_SCOPE', 'ACTION_UNCLASSIFIED']);

const Halting = z.object({
  kind: z.literal('decision.made'),
  verdict: z.literal('halt'),
  id: z.string(),
  agent: z.string(),
  process: z.string(),
  workflow: z.string(),
  action: z.string(),
  deciding: z.array(z.string()),
  reasons: z.array(z.object({ code: z.string() })),
});
const Opened = z.object({ canonical: z.string() });
const Canonical = z.object({ on_behalf_of: z.string().optional() });

/** readHaltedAction reads the action that a decision halted; undefined when it halted none. */
export async function readHaltedAction(decisionId: string): Promise<HaltedAction | undefined> {
  const event = await readEvent(decisionId);
  return event && (await readHaltedActions([event.seq])).get(decisionId);
}

/** readHaltedActions is readHaltedAction for many decisions at once, by their sequence numbers; the answer is by decision. */
export async function readHaltedActions(seqs: readonly bigint[]): Promise<Map<string, HaltedAction>> {
  const found = await readUnsealed(seqs);
  const actions = [...found.values()].flatMap(({ event, side }) => haltedAction(event, side) ?? []);
  return new Map(actions.map((action) => [action.decisionId, action]));
}

function haltedAction(event: LedgerEvent, side: Side): HaltedAction | undefined {
  const parsed = Halting.safeParse(event.payload);
  if (!parsed.success) return undefined;
  const { id, agent, process, workflow, action, deciding, reasons } = parsed.data;
  const read = canonicalOf(side);
  return {
    decisionId: id,
    seq: event.seq,
    agentId: agent,
    processId: process,
    workflowId: workflow,
    action,
    deciding,
    authorisable: reasons.every(({ code }) => !outsideScope.has(code)),
    digest: read?.digest ?? null,
    asker: read?.asker ?? null,
  };
}

// What people are shown and sign must be what the row commits to.
function canonicalOf(side: Side): { digest: Uint8Array; asker: string | null } | undefined {
  if (side.state !== 'open' || side.text === undefined || !side.committed) return undefined;
  const opened = Opened.safeParse(JSON.parse(side.text));
  if (!opened.success || !sameBytes(sha256(opened.data.canonical), side.digest)) return undefined;
  const canonical = Canonical.safeParse(JSON.parse(opened.data.canonical));
  return canonical.success ? { digest: side.digest, asker: canonical.data.on_behalf_of ?? null } : undefined;
}
