import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { ReassignResult, SuccessionId, type HandOverRefusal, type UndoRefusal } from '@/lib/lifecycle/schema/succession';
import { Refused } from './answers';

export const SuccessionParams = z.object({ id: SuccessionId });
export const UndoneAnswer = z.object({ id: z.string() });
/** Two hundred things with their ids, and a reason. */
export const reassignBodyBytesMax = 64 * 1024;

/** ReassignAnswer is what became of each thing, with the sentence to show where it was refused. */
export const ReassignAnswer = z.object({ results: z.array(ReassignResult.extend({ text: z.string().nullable() })) });

type Told = { problem: ProblemCode; text: string };

/** One table from a refusal to its problem: what happened, what was kept, what to do. */
const told: Record<UndoRefusal, Told> = {
  NOT_ALLOWED: { problem: 'FORBIDDEN', text: 'Only an administrator, a leader or security gives agents and processes to others.' },
  NOT_FOUND: { problem: 'NOT_FOUND', text: 'There is nothing here that you may see.' },
  WRONG_STATE: { problem: 'CONFLICT', text: 'The agent was decommissioned, so its record stays as it was.' },
  CHANGED_MEANWHILE: { problem: 'CONFLICT', text: 'Somebody else has it by now. Look again.' },
  ALREADY_THEIRS: { problem: 'CONFLICT', text: 'This person has it already.' },
  OWN_AGENT: { problem: 'FORBIDDEN', text: 'You built this, so another person says who answers for it.' },
  NOT_ACTIVE: { problem: 'UNPROCESSABLE', text: 'Whoever takes it must be a person who is active here.' },
  IS_BUILDER: { problem: 'UNPROCESSABLE', text: 'This person built it, so somebody else answers for it.' },
  NOT_PROCESS_OWNER: { problem: 'UNPROCESSABLE', text: 'Only somebody with the role process owner owns a process.' },
  ALREADY_ENDED: { problem: 'CONFLICT', text: 'This was undone or settled already.' },
  NOBODY_TOOK_IT: { problem: 'CONFLICT', text: 'Nobody took it, so there is nothing to give back. Reactivate who left, or name somebody.' },
  HOLDER_GONE: { problem: 'CONFLICT', text: 'Who had it is not active. Reactivate them first, or give it to another person.' },
  MOVED_ON: { problem: 'CONFLICT', text: 'Somebody else was named since. Give it to another person instead.' },
};

/** reassignText says in a sentence why one thing was not given; the others stand. */
export const reassignText = (code: HandOverRefusal): string => told[code].text;

/** refusedUndo puts a refused undo into words. */
export const refusedUndo = ({ code }: { code: UndoRefusal }): Refused =>
  new Refused(told[code].problem, `${told[code].text} Nothing was changed.`);
