import type { FormOptions } from '@/components/registry/agents/form-fields';
import { roleLabels } from '@/components/registry/agents/words';
import { listUsers } from '@/lib/people/service';
import { readActionChoices } from '@/lib/registry/reading';
import { listProcesses } from '@/lib/registry/service';

/** formOptions is what the form of an agent chooses from: people who are active, processes with their owner, action types. */
export async function formOptions(): Promise<FormOptions> {
  const [users, processes, choices] = await Promise.all([listUsers(), listProcesses(), readActionChoices()]);
  const names = new Map(users.map(({ id, name }) => [id, name]));
  const byLabel = (left: { label: string }, right: { label: string }) => left.label.localeCompare(right.label, 'en');
  return {
    people: users
      .filter(({ status }) => status === 'active')
      .map(({ id, name, roles }) => ({ value: id, label: `${name}, ${roles.map((role) => roleLabels[role] ?? role).join(' and ')}` }))
      .sort(byLabel),
    processes: processes
      .map(({ id, name, ownerId }) => ({ value: id, label: `${name}, of ${names.get(ownerId) ?? ownerId}` }))
      .sort(byLabel),
    choices,
  };
}
