import type { Metadata } from 'next';
import Link from 'next/link';
import { inventoryHref } from '@/components/registry/agents/address';
import { Filters } from '@/components/registry/agents/filters';
import { Inventory } from '@/components/registry/agents/inventory';
import { buttonLook } from '@/components/ui/button';
import { Empty, Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { readInventory } from '@/lib/registry/reading';
import { InventoryQuery } from '@/lib/registry/reading/schema';

export const metadata: Metadata = { title: 'Agents' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function AgentsPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('agents:read');
  const asked = InventoryQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : InventoryQuery.parse({});
  const page = await readInventory(query);
  const registers = may(person, 'agents:register');
  const register = (
    <Link href="/registry/agents/new" className={buttonLook({ tone: 'primary' })}>
      Register an agent
    </Link>
  );
  return (
    <Page
      title="Agents"
      intro="Every agent there is: what it is for, who answers for it, what it may do alone."
      actions={registers ? register : null}
    >
      {page.all === 0 ? (
        <Empty title="No agent is registered yet" action={registers ? register : null}>
          An agent is software that acts by itself. Register it with its purpose, the person who answers for it and what it may ask for;
          nothing unregistered gets an answer from the gateway.{registers ? '' : ' An engineer registers agents.'}
        </Empty>
      ) : (
        <>
          <Filters query={query} counts={page.facets} />
          {page.rows.length === 0 ? (
            <Empty
              title="No agent matches"
              action={
                <Link href={inventoryHref(InventoryQuery.parse({}), {})} className={buttonLook()}>
                  Show all {page.all}
                </Link>
              }
            >
              Search by a part of the name, the id or the purpose, or take a filter away.
            </Empty>
          ) : (
            <Inventory page={page} query={query} today={new Date().toISOString().slice(0, 10)} />
          )}
        </>
      )}
    </Page>
  );
}
