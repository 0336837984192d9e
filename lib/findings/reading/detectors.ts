import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { detectors } from '../domain';
import type { DetectorView } from '../schema';
import { countByDetector, listRuns } from '../store/lists';

/**
 * readDetectors answers every row of the table with how it last ran and what is open of it; those that failed come first. Why one failed may name what is
 * inside, so it is told to few.
 */
export async function readDetectors(person: Pick<User, 'roles'>): Promise<DetectorView[]> {
  const tells = may(person, 'findings:diagnose');
  const [runs, counts] = await Promise.all([listRuns(prisma()), countByDetector(prisma())]);
  const views = detectors.map(({ id, title, means, severity }): DetectorView => {
    const run = runs.find(({ detector }) => detector === id);
    const countOf = (status: string) => counts.find((row) => row.detector === id && row.status === status)?.count ?? 0;
    return {
      id,
      title,
      means,
      severity,
      ranAt: run?.ranAt.toISOString() ?? null,
      okAt: run?.okAt?.toISOString() ?? null,
      found: run?.found ?? 0,
      failed: run !== undefined && run.error !== null,
      error: tells ? (run?.error ?? null) : null,
      open: countOf('open'),
      snoozed: countOf('snoozed'),
    };
  });
  return [...views.filter(({ failed }) => failed), ...views.filter(({ failed }) => !failed)];
}
