import { z } from 'zod';
import type { Named } from '@/lib/approvals/schema';
import { amountOf, moneyArgument, sentenceOf, type CanonicalAction } from '@/lib/approvals/domain/wording';
import { DecisionArguments, DecisionPayload } from '@/lib/check/schema';
import { readUnsealed, type LedgerEvent, type Side } from '@/lib/ledger/reading';
import type { User } from '@/lib/people/service';
import { readActionNames, type ActionName } from '@/lib/registry/reading';
import { argumentsReader, type Reads } from './readers';

const Canonical = z.object({
  resource: z.looseObject({}).optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});

/** named gives an id its name, or itself where there is none. */
export const named = (id: string, name: string | undefined): Named => ({ id, name: name ?? id });

/** canonicalOf reads the members that a sentence may be made of out of the canonical text; null when it is no such text. */
export function canonicalOf(text: string): CanonicalAction | null {
  const action = Canonical.safeParse(JSON.parse(text));
  return action.success ? action.data : null;
}

/** sentenceFor says what an action does, in the words of its action type. */
export const sentenceFor = (name: string, canonical: CanonicalAction | null, action: ActionName | undefined): string =>
  sentenceOf(name, canonical, { template: action?.sentence, money: moneyArgument(action?.classification ?? null) });

/** One decision in one line, as far as a person may see it; `amount` is null with the arguments. */
export type Told = { payload: DecisionPayload; at: Date; sentence: string; amount: string | null; action: ActionName | undefined };

/** tellDecisions puts decisions into sentences, by sequence number; a row that is no decision, or is gone, is not in the answer. */
export async function tellDecisions(
  person: User,
  seqs: readonly bigint[],
  reads: Reads = argumentsReader(person),
): Promise<Map<bigint, Told>> {
  const found = await readUnsealed(seqs);
  const decisions = [...found].flatMap(([seq, { event, side }]) => {
    const payload = DecisionPayload.safeParse(event.payload);
    return payload.success ? [{ seq, event, side, payload: payload.data }] : [];
  });
  const actions = await readActionNames(decisions.map(({ payload }) => payload.action));
  const told = await Promise.all(
    decisions.map(async ({ seq, event, side, payload }) => {
      const canonical = (await reads(payload.agent, payload.process)) ? openedCanonical(side) : null;
      const action = actions.get(payload.action);
      return [seq, tell(event, payload, canonical, action)] as const;
    }),
  );
  return new Map(told);
}

function tell(event: LedgerEvent, payload: DecisionPayload, canonical: CanonicalAction | null, action: ActionName | undefined): Told {
  return {
    payload,
    at: event.at,
    sentence: canonical === null ? (action?.title ?? payload.action) : sentenceFor(payload.action, canonical, action),
    amount: canonical === null ? null : amountOf(payload.risk),
    action,
  };
}

function openedCanonical(side: Side): CanonicalAction | null {
  if (side.state !== 'open' || side.text === undefined) return null;
  const opened = DecisionArguments.safeParse(JSON.parse(side.text));
  return opened.success ? canonicalOf(opened.data.canonical) : null;
}
