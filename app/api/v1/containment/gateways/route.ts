import { readGateways } from '@/lib/containment/reading';
import { GatewayPage } from '@/lib/containment/schema';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/gateways', { answer: GatewayPage, run: () => readGateways(new Date()) });
