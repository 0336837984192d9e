import { stages, type Cell, type Stage } from '../schema';

/** The stages whose work the process owner also does, as long as nobody else is named (domain.md, RACI, default Responsible). */
const ownWork: readonly Stage[] = ['trigger', 'action_execution', 'escalation'];

/** templateCells is the matrix of a new process: its owner accountable for every stage, and responsible where the work is theirs. */
export function templateCells(ownerId: string): Cell[] {
  const holder = { type: 'user' as const, id: ownerId };
  return [
    ...stages.map((stage): Cell => ({ stage, role: 'accountable', holder, agentId: null })),
    ...ownWork.map((stage): Cell => ({ stage, role: 'responsible', holder, agentId: null })),
  ];
}
