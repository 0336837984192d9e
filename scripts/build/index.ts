import { ensureBuilt } from '@/scripts/build/build';

console.log((await ensureBuilt(process.cwd(), console.log)) === 'built' ? 'built .next and dist' : 'nothing changed since the last build');
