import type { Metadata } from 'next';
import { Checklist } from '@/components/maturity/checklist';
import { MaturityTabs } from '@/components/maturity/tabs';
import { Print } from '@/components/ui/print';
import { Exact } from '@/components/text/time';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readChecklist } from '@/lib/maturity/reading';

export const metadata: Metadata = { title: 'Checklist' };

export default async function ChecklistPage() {
  await requirePermission('maturity:read');
  const { at, points } = await readChecklist();
  const yes = points.filter(({ state }) => state === 'yes').length;
  return (
    <Page
      title={`${yes} of ${points.length} points hold`}
      intro={
        <>
          Each is answered by the system’s own records as they stood at <Exact at={at} />.
        </>
      }
      actions={<Print />}
    >
      <MaturityTabs query={{}} here="checklist" />
      <Checklist points={points} />
    </Page>
  );
}
