import { notFound } from 'next/navigation';
import { cache } from 'react';
import { readMatrix } from '@/lib/raci/reading';
import type { MatrixView } from '@/lib/raci/schema';

/** viewOf reads a process and its matrix once for a page with all its parts, or answers "not found". */
export const viewOf = cache(async (id: string): Promise<MatrixView> => (await readMatrix(id)) ?? notFound());
