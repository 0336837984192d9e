import { z } from 'zod';
import { MetricId } from '@/lib/maturity/schema';

/** MetricParams is the metric that an address names. */
export const MetricParams = z.object({ metric: MetricId });
