import type { Cell } from '@/lib/raci/schema';

/** ProcessCell is a cell of the matrix with the process it belongs to. */
export type ProcessCell = Cell & { processId: string };
