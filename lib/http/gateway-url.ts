import { webEnv } from '@/lib/platform/env';

/** gatewayUrl is where agents ask, for the commands that pages show. */
export const gatewayUrl = (): string => webEnv().GATEWAY_URL;
