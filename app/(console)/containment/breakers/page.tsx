import type { Metadata } from 'next';
import { Breakers } from '@/components/containment/breakers';
import { ContainmentFrame } from '@/components/containment/frame';
import { readBreakers } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Circuit breakers' };

export default async function BreakersPage() {
  const person = await requirePermission('kill:read');
  return (
    <ContainmentFrame at="/containment/breakers">
      <Breakers initial={{ open: await readBreakers(person), history: [] }} />
    </ContainmentFrame>
  );
}
