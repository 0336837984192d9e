import type { Metadata } from 'next';
import Link from 'next/link';
import { StageLine } from '@/components/maturity/stage-line';
import { Editor } from '@/components/raci/editor';
import { Gaps } from '@/components/raci/gaps';
import { Matrix } from '@/components/raci/matrix';
import { buttonLook } from '@/components/ui/button';
import { requirePermission } from '@/lib/http/actor';
import { readStageLine } from '@/lib/maturity/reading';
import { may } from '@/lib/people/permissions';
import { viewOf } from './view';

export const metadata: Metadata = { title: 'Process' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MatrixPage({ params, searchParams }: Props) {
  const person = await requirePermission('raci:read');
  const view = await viewOf((await params).id);
  const mayEdit = may(person, 'raci:manage');
  const { id } = view.process;
  if (mayEdit && (await searchParams)['edit'] === 'matrix')
    return <Editor view={view} agent={null} rows={view.rows} back={`/raci/${id}`} />;
  const stage = await readStageLine({ type: 'process', id });
  return (
    <div className="flex flex-col gap-3">
      {stage ? <StageLine {...stage} /> : null}
      <Gaps gaps={view.gaps} view={view} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-ink-2">
          {view.gaps.length === 0 ? 'Nothing is missing: every stage has one person who answers for it, and somebody who does it.' : null}
        </p>
        {mayEdit ? (
          <Link href={`/raci/${id}?edit=matrix`} className={buttonLook({ tone: 'primary', className: 'print:hidden' })}>
            Edit the matrix
          </Link>
        ) : null}
      </div>
      <Matrix label="Who does what" rows={view.rows} gaps={view.gaps.filter(({ agentId }) => agentId === null)} names={view} />
    </div>
  );
}
