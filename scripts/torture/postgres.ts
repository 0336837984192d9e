import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Throwaway } from '@/scripts/postgres/throwaway';
import { waitForEnd } from '@/scripts/start/process.mjs';

const endMsMax = 10_000;

/** Every child of a process: PostgreSQL's are leaders of groups of their own, so a signal to the server's group would miss them. */
function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.flatMap((line) => {
      const [child, parent] = line.trim().split(/\s+/).map(Number);
      return parent === pid && child !== undefined ? [child] : [];
    });
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}

/** freezePostgres stops the server and all its processes where they stand: connections stay open and nothing answers. */
export function freezePostgres({ server }: Throwaway): void {
  // The server first, so that it starts nobody while its children are counted.
  signal(server.pid, 'SIGSTOP');
  for (const child of childrenOf(server.pid)) signal(child, 'SIGSTOP');
}

/** thawPostgres lets it go on. */
export function thawPostgres({ server }: Throwaway): void {
  for (const child of childrenOf(server.pid)) signal(child, 'SIGCONT');
  signal(server.pid, 'SIGCONT');
}

/** killPostgres ends the server and all its processes at once with kill -9, and answers when nothing of them is left. */
export async function killPostgres({ server }: Throwaway): Promise<void> {
  signal(server.pid, 'SIGSTOP');
  const all = [...childrenOf(server.pid), server.pid];
  for (const pid of all) signal(pid, 'SIGKILL');
  await server.ended;
  for (const pid of all) if (!(await waitForEnd(pid, endMsMax))) throw new Error(`process ${pid} of PostgreSQL does not end`);
}

/** stopPostgres shuts it down in the fast way: transactions under way are rolled back. */
export async function stopPostgres({ server }: Throwaway): Promise<void> {
  signal(server.pid, 'SIGINT');
  await server.ended;
}
