'use client';

import Link from 'next/link';
import { Empty } from '@/components/ui/page';
import type { DraftPage, FormOptions } from '@/lib/policy/reading/schema';
import { PolicyForm } from './form';
import { useDraft } from './queries';
import { DraftReview } from './review';

/** Draft is the form while a draft is written, and the page to sign while it is reviewed. `options` is null for who may not edit. */
export function Draft({ initial, options }: { initial: DraftPage; options: FormOptions | null }) {
  const draft = useDraft(initial);
  if (draft === null)
    return (
      <Empty title="There is no draft any more" action={<Link href={`/policy/${initial.id}`}>Look at the policy</Link>}>
        It was published or discarded. Its history says which.
      </Empty>
    );
  if (draft.status === 'draft' && options !== null) return <PolicyForm key={draft.id} draft={draft} options={options} />;
  return <DraftReview draft={draft} />;
}
