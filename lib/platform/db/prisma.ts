import { PrismaPg } from '@prisma/adapter-pg';
import { onClose } from '@/lib/platform/db';
import { PrismaClient } from '@/lib/platform/db/generated/client';
import { webEnv } from '@/lib/platform/env';

const connectionsMax = 10;
const holder = globalThis as typeof globalThis & { countersignPrisma?: PrismaClient };

/** createPrisma makes a Prisma client on one URL through the pg adapter; ended by closeClients. */
export function createPrisma(url: string, max = connectionsMax): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max, application_name: 'countersign-web' }) });
  onClose(() => client.$disconnect());
  return client;
}

/** prisma is this process's one client, as the web role; made on first use. */
export function prisma(): PrismaClient {
  return (holder.countersignPrisma ??= createPrisma(webEnv().DATABASE_URL_WEB));
}

/**
 * usePrisma makes prisma() answer a client on this URL in the whole process until the answered function is called, which ends that client. For making the
 * sample's history, whose connections have settings of their own.
 */
export function usePrisma(url: string): () => Promise<void> {
  const before = holder.countersignPrisma;
  const client = createPrisma(url);
  holder.countersignPrisma = client;
  return async () => {
    if (before) holder.countersignPrisma = before;
    else delete holder.countersignPrisma;
    await client.$disconnect();
  };
}
