import { prisma } from '@/lib/platform/db/prisma';
import { countOnTime } from '../store';

/**
 * reviewNumbers answers how many reviews fell due between two days (2026-01-01, the first included) and how many of them were decided by their day.
 * `share` is null when none fell due.
 */
export async function reviewNumbers({
  from,
  to,
}: {
  from: string;
  to: string;
}): Promise<{ n: number; onTime: number; share: number | null }> {
  const { n, onTime } = await countOnTime(prisma(), from, to);
  return { n, onTime, share: n === 0 ? null : onTime / n };
}
