import type { NewProcess } from '@/lib/registry/schema';
import { businessProcess as payables } from '../sample';
import type { PersonKey } from './people';

/** How requests of a process are answered: by whom, how fast on the whole, and how often nobody does in time. */
export type Desk = { signers: readonly [PersonKey, ...PersonKey[]]; minutes: readonly [number, number]; rejects: number; misses: number };
export type SampleProcess = NewProcess & { id: string; owner: PersonKey; supervisors: string; desk: Desk };

const process = (
  key: string,
  name: string,
  owner: PersonKey,
  description: string,
  rest: Pick<SampleProcess, 'supervisors' | 'desk'>,
): SampleProcess => ({ id: `prc_${key}`, name, owner, ownerId: `usr_${owner}`, description, ...rest });

const desk = (signers: Desk['signers'], minutes: Desk['minutes'], rejects = 0.08, misses = 0.02): Desk => ({
  signers,
  minutes,
  rejects,
  misses,
});

/** The eight processes, and one project that is over. HR's desk is the slow one: what waits there often runs out of time. */
export const processes: readonly SampleProcess[] = [
  {
    ...payables,
    id: 'prc_payables',
    owner: 'ana',
    supervisors: 'tea_payables_supervisors',
    desk: desk(['ana', 'ana', 'liam', 'nora'], [6, 110]),
  },
  process('service', 'Customer service', 'ines', 'Answers customers, moves their bookings and pays refunds that are due.', {
    supervisors: 'tea_service_supervisors',
    desk: desk(['ines', 'mateo'], [3, 60], 0.12),
  }),
  process('procurement', 'Procurement', 'nora', 'Buys what the house needs from vendors it has looked at.', {
    supervisors: 'tea_procurement_supervisors',
    desk: desk(['nora', 'ana'], [12, 140]),
  }),
  process('people', 'HR administration', 'jonas', 'Keeps employee records and helps to fill openings.', {
    supervisors: 'usr_jonas',
    desk: desk(['jonas'], [60, 230], 0.05, 0.4),
  }),
  process('sales', 'Sales and CRM', 'marta', 'Keeps contacts and deals current and sends campaigns people asked for.', {
    supervisors: 'tea_sales_supervisors',
    desk: desk(['marta', 'mateo'], [8, 120], 0.15, 0.05),
  }),
  process('operations', 'IT operations', 'viktor', 'Keeps services up and their configuration as agreed.', {
    supervisors: 'tea_operations_duty',
    desk: desk(['viktor', 'helena'], [2, 40]),
  }),
  process('contracts', 'Contract management', 'aisha', 'Drafts, sends and files contracts with partners.', {
    supervisors: 'tea_legal',
    desk: desk(['aisha', 'aisha', 'helena'], [15, 170], 0.1),
  }),
  process('campaigns', 'Spring campaign', 'david', 'The spring campaign: reminders to those who had booked before. It ended in autumn.', {
    supervisors: 'tea_sales_supervisors',
    desk: desk(['mateo'], [10, 150], 0.1, 0.1),
  }),
  process('logistics', 'Logistics', 'pedro', 'Books, follows and declares shipments.', {
    supervisors: 'tea_logistics_supervisors',
    desk: desk(['pedro', 'liam'], [5, 75]),
  }),
];
