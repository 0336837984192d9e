import { ensureBuilt } from '@/scripts/build/build';

/** Global set-up of tests on whole processes: everything is built, once. */
export default async function setup(): Promise<void> {
  await ensureBuilt(process.cwd());
}
