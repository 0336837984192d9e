import { Policy } from '@/lib/policy/schema';

/** calmPolicy opens no circuit breaker, whatever an agent does: for stages where one agent is refused, fails or pays again and again. It still counts. */
export const calmPolicy = Policy.parse({
  id: 'pol_calm',
  name: 'Calm',
  version: 1,
  kind: 'default',
  selector: { level: 'organisation', actions: ['*'] },
  ladders: [],
  breaker: {
    errors: 'never',
    refusals: 'never',
    spend: { amount: '900000000000000000', currency: 'USD', atLeast: 1, withinSeconds: 3_600 },
  },
});
