import { prisma } from '@/lib/platform/db/prisma';

/** readPolicyNames answers the names of exact policy versions, keyed `id v7`. */
export async function readPolicyNames(refs: readonly { id: string; version: number }[]): Promise<Map<string, string>> {
  if (refs.length === 0) return new Map();
  const rows = await prisma().policy.findMany({
    where: { OR: refs.map(({ id, version }) => ({ id, version })) },
    select: { id: true, version: true, name: true },
  });
  return new Map(rows.map((row) => [policyKey(row.id, row.version), row.name]));
}

export const policyKey = (id: string, version: number): string => `${id} v${version}`;
