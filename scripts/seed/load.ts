import { closeClients } from '@/lib/platform/db';
import { isStory, loadStory } from '@/prisma/seed/stories';

// A process of its own: while a history is made, its clock is not today's.
const name = process.argv[2] ?? '';
if (!isStory(name)) throw new Error(`There is no story ${name}.`);
const loaded = await loadStory(name, (line) => console.log(line));
console.log(JSON.stringify(loaded));
await closeClients();
