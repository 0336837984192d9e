import { closeClients } from '@/lib/platform/db';
import { seedIfEmpty } from '@/prisma/seed';

// A process of its own, because the seed reads its database from the environment.
console.log(JSON.stringify(await seedIfEmpty()));
await closeClients();
