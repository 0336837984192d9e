import type { Metadata } from 'next';
import { ActionForm } from '@/components/registry/actions/form/form';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readFormOptions } from '@/lib/registry/reading/actions';

export const metadata: Metadata = { title: 'Record an action type' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function NewActionPage({ searchParams }: { searchParams: Search }) {
  await requirePermission('actions:classify');
  const options = await readFormOptions();
  const wanted = (await searchParams)['system'];
  const system =
    options.systems.find(({ id }) => id === wanted)?.id ?? (options.systems.length === 1 ? options.systems[0]?.id : undefined) ?? '';
  return (
    <Page
      up={{ href: '/registry/actions', label: 'Action types' }}
      title="Record an action type"
      intro="One operation of a system: what it takes, what it does, and how its risk is read from the exact arguments."
    >
      <ActionForm options={options} system={system} />
    </Page>
  );
}
