import { prisma } from '@/lib/platform/db/prisma';
import type { FindingSettings } from '../schema';
import { findSettings } from '../store/settings';

/** readSettings answers after how long something is a finding in this organisation. */
export const readSettings = (): Promise<FindingSettings> => findSettings(prisma());
