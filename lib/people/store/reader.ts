import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';

/** A transaction of the people plane. */
export type Tx = Prisma.TransactionClient;
export type Reader = PrismaClient | Tx;
