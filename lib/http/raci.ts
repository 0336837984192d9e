import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { CellChange, raciRoleTexts, stageTexts, type Row, type RuleProblem } from '@/lib/raci/schema';
import { ProcessId } from '@/lib/registry/schema';
import { Refused } from './answers';

/** ProcessParams is the process that an address names. */
export const ProcessParams = z.object({ id: ProcessId });
export const ProcessAnswer = z.object({ id: z.string() });
export const MatrixAnswer = z.object({ changes: z.array(CellChange) });
/** A matrix of eight stages, as shown and as it shall be. */
export const matrixBodyBytesMax = 128 * 1024;

type MatrixRefusal =
  | { ok: false; code: 'NOT_ALLOWED' | 'NOT_FOUND' }
  | { ok: false; code: 'CHANGED_MEANWHILE'; changes: readonly CellChange[] }
  | { ok: false; code: 'RULES'; problems: readonly RuleProblem[] };

/** refusedMatrix puts a refused edit of a matrix into words; what breaks a rule is pointed at in the rows that were sent. */
export function refusedMatrix(refusal: MatrixRefusal, rows: readonly Row[]): Refused {
  switch (refusal.code) {
    case 'NOT_ALLOWED':
      return new Refused('FORBIDDEN', 'Only risk and administrators change who does what. Nothing was changed.');
    case 'NOT_FOUND':
      return new Refused('NOT_FOUND', 'There is nothing here that you may see.');
    case 'CHANGED_MEANWHILE': {
      const cells = refusal.changes.map(({ stage, role }) => `${stageTexts[stage].title} (${raciRoleTexts[role].title})`);
      const named = new Intl.ListFormat('en').format([...new Set(cells)]);
      return new Refused(
        'CONFLICT',
        `Somebody changed ${named} since you opened this. Nothing of yours was saved, and all of it is still here.`,
      );
    }
    case 'RULES':
      return new Refused(
        'UNPROCESSABLE',
        `${refusal.problems.map(({ text }) => text).join(' ')} Nothing was saved.`,
        refusal.problems.map(({ stage, role, text }) => ({
          pointer: `/rows/${rows.findIndex((row) => row.stage === stage)}/${role}`,
          detail: text,
        })),
      );
  }
}

type ProcessRefusalCode = 'NOT_ALLOWED' | 'NOT_FOUND' | 'ID_TAKEN' | 'OWNER_NOT_ALLOWED' | 'OWNER_IS_BUILDER' | 'CHANGED_MEANWHILE';
type Saying = { code: ProblemCode; detail: string; pointer?: string };

/** One table from a refusal about a process to its problem: what happened, what was kept, what to do. */
const sayings: Record<ProcessRefusalCode, Saying> = {
  NOT_ALLOWED: { code: 'FORBIDDEN', detail: 'Only an active administrator may do this. Nothing was changed.' },
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
  ID_TAKEN: { code: 'CONFLICT', detail: 'There is a process with this id already. Nothing was added.', pointer: '/id' },
  OWNER_NOT_ALLOWED: {
    code: 'UNPROCESSABLE',
    detail: 'The owner must be an active person with the role process owner. Nothing was saved.',
    pointer: '/ownerId',
  },
  OWNER_IS_BUILDER: {
    code: 'UNPROCESSABLE',
    detail: 'This person built an agent of the process, so somebody else answers for it. Nothing was saved.',
    pointer: '/ownerId',
  },
  CHANGED_MEANWHILE: {
    code: 'CONFLICT',
    detail:
      'Somebody changed this process since you opened the form. Nothing of yours was saved; load the page again to see what it says now.',
  },
};

/** refusedProcess puts a refusal about a process into words. */
export function refusedProcess({ code }: { code: ProcessRefusalCode }): Refused {
  const { code: problem, detail, pointer } = sayings[code];
  return new Refused(problem, detail, pointer === undefined ? undefined : [{ pointer, detail }]);
}
