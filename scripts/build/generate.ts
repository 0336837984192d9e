import { ensureGenerated } from '@/scripts/build/build';

console.log((await ensureGenerated(process.cwd())) === 'built' ? "generated Prisma's client" : 'the schema has not changed');
