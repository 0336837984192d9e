import { spawn, type ChildProcess } from 'node:child_process';

/** Running is one example as a process of its own, with all it said. */
export class Running {
  output = '';
  /** The exit code; null when it was killed. */
  readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** kill is kill -9: it gets to say nothing. */
  kill(): Promise<number | null> {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

/** run starts an example with tsx, as its npm script does, in an environment of its own. */
export function run(file: string, args: readonly string[], environment: Record<string, string>): Running {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, NODE_ENV: 'production' as const, NO_COLOR: '1', ...environment };
  return new Running(spawn(process.execPath, ['--import', 'tsx', file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}
