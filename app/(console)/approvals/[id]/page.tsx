import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ApprovalPanel } from '@/components/approvals/panel';
import { Outcome } from '@/components/outcomes/outcome';
import { ApprovalId } from '@/lib/approvals/schema';
import { readApproval } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readOutcome } from '@/lib/outcomes/reading';

export const metadata: Metadata = { title: 'Approval' };

export default async function ApprovalPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('approvals:read');
  const id = ApprovalId.safeParse((await params).id);
  const card = id.success ? await readApproval(person, id.data) : undefined;
  if (!card) notFound();
  const outcome = card.usedBy === null ? undefined : await readOutcome(person, card.usedBy);
  return (
    <ApprovalPanel
      key={card.id}
      initial={card}
      outcome={outcome === undefined ? null : <Outcome view={outcome} sentence={card.sentence} />}
    />
  );
}
