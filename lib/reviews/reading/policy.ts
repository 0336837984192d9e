import type { User } from '@/lib/people/service';
import { readPolicy } from '@/lib/policy/reading';
import type { ReviewedPolicy } from './schema';

/** readReviewedPolicy answers which version of a policy is in force and whether another is being written; null: nobody ever wrote it. */
export async function readReviewedPolicy(person: User, id: string): Promise<ReviewedPolicy | null> {
  const page = await readPolicy(person, id);
  if (!page) return null;
  return {
    version: page.latest?.version ?? null,
    since: page.latest?.since ?? null,
    note: page.latest?.note ?? '',
    kind: page.latest?.document.kind ?? 'default',
    draft: page.draft?.version ?? null,
  };
}
