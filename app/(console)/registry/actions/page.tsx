import type { Metadata } from 'next';
import Link from 'next/link';
import { Catalogue } from '@/components/registry/actions/catalogue';
import { CatalogueFilters } from '@/components/registry/actions/filters';
import { buttonLook } from '@/components/ui/button';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { listCatalogue, readFormOptions } from '@/lib/registry/reading/actions';
import { CatalogueQuery } from '@/lib/registry/schema/catalogue';

export const metadata: Metadata = { title: 'Action types' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function ActionsPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('agents:read');
  const parsed = CatalogueQuery.safeParse(await searchParams);
  const query = parsed.success ? parsed.data : {};
  const { after: _, ...filter } = query;
  const [page, { systems }] = await Promise.all([listCatalogue(query), readFormOptions()]);
  const mayClassify = may(person, 'actions:classify');
  return (
    <Page
      title="Action types"
      intro="Every operation an agent can ask for, and how its risk is read from the exact arguments."
      actions={
        <>
          <Link href="/registry/systems" className={buttonLook()}>
            Systems
          </Link>
          {mayClassify ? (
            <Link href="/registry/actions/new" className={buttonLook({ tone: 'primary' })}>
              Record an action type
            </Link>
          ) : null}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <CatalogueFilters key={JSON.stringify(filter)} filter={filter} systems={systems} />
        <Catalogue page={page} filter={filter} mayClassify={mayClassify} />
      </div>
    </Page>
  );
}
