import type { Policy } from '@/lib/policy/schema';

/** What the organisation wrote itself, beside the baseline that ships. */
export const policies: readonly Policy[] = [
  {
    id: 'pol_service_refunds',
    name: 'Refunds to customers',
    version: 1,
    kind: 'default',
    selector: { level: 'process', process: 'prc_service', actions: ['refunds.*'] },
    ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: '300', 3: '3000', 4: '20000' } }],
    approval: { slaSeconds: 2 * 3600 },
  },
  {
    id: 'pol_freight',
    name: 'Freight',
    version: 1,
    kind: 'default',
    selector: { level: 'process', process: 'prc_logistics', actions: ['shipments.*'] },
    ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: '800', 3: '2500', 4: '50000' } }],
  },
];

/** The rules of a whole process, written by those who know it: how many records its agents may touch alone. */
const rulesOf = (key: string, name: string, records: Readonly<Record<2 | 3 | 4, number>>, slaHours = 4): Policy => ({
  id: `pol_rules_${key}`,
  name: `Rules of ${name}`,
  version: 1,
  kind: 'default',
  selector: { level: 'process', process: `prc_${key}`, actions: ['*'] },
  ladders: [{ dimension: 'records', tiers: records }],
  approval: { slaSeconds: slaHours * 3600 },
});

/** What each process wrote for itself, and how many days ago: one after the other, as they came round to it. */
export const processPolicies: readonly { ago: number; policy: Policy }[] = [
  { ago: 86, policy: rulesOf('payables', 'accounts payable', { 2: 2_000, 3: 10_000, 4: 100_000 }) },
  { ago: 81, policy: rulesOf('campaigns', 'the spring campaign', { 2: 2_000, 3: 20_000, 4: 100_000 }) },
  { ago: 74, policy: rulesOf('service', 'customer service', { 2: 1_000, 3: 5_000, 4: 50_000 }) },
  { ago: 66, policy: rulesOf('procurement', 'procurement', { 2: 2_000, 3: 10_000, 4: 100_000 }) },
  { ago: 60, policy: rulesOf('operations', 'IT operations', { 2: 5_000, 3: 20_000, 4: 200_000 }) },
  { ago: 51, policy: rulesOf('logistics', 'logistics', { 2: 2_000, 3: 10_000, 4: 100_000 }) },
  { ago: 43, policy: rulesOf('sales', 'sales and CRM', { 2: 1_000, 3: 5_000, 4: 50_000 }) },
  { ago: 36, policy: rulesOf('people', 'HR administration', { 2: 500, 3: 2_000, 4: 20_000 }, 8) },
  { ago: 24, policy: rulesOf('contracts', 'contract management', { 2: 500, 3: 2_000, 4: 20_000 }, 8) },
];
