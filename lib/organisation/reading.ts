import { prisma } from '@/lib/platform/db/prisma';
import type { Organisation } from './schema';
import * as store from './store';

/** readOrganisation answers whose installation this is. */
export const readOrganisation = (): Promise<Organisation> => store.findOrganisation(prisma());

/** isUnclaimed tells whether the first administrator is still to be made. */
export const isUnclaimed = async (): Promise<boolean> => (await store.findClaimable(prisma())) !== undefined;
