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
