import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const People = z.object({ password: z.string(), emails: z.array(z.string()), complete: z.boolean() });
/** The sample people's one password, and whether the sample was loaded to its end. */
export type People = z.infer<typeof People>;
const Agents = z.record(z.string(), z.object({ clientId: z.string(), secret: z.string() }));
export type Agents = z.infer<typeof Agents>;

/** SampleSecrets keeps what the database only holds hashed, in two files (0600) of one folder: people.json and agents.json. */
export class SampleSecrets {
  constructor(private readonly folder: string) {}

  people(): People | undefined {
    return this.read('people.json', People);
  }

  savePeople(people: People): void {
    this.write('people.json', people);
  }

  agents(): Agents {
    return this.read('agents.json', Agents) ?? {};
  }

  saveAgent(agentId: string, credential: Agents[string]): void {
    this.write('agents.json', { ...this.agents(), [agentId]: credential });
  }

  /** saveAgents replaces all agents' secrets: those of another database open nothing here. */
  saveAgents(agents: Agents): void {
    this.write('agents.json', agents);
  }

  private read<Shape extends z.ZodType>(name: string, shape: Shape): z.infer<Shape> | undefined {
    const file = path.join(this.folder, name);
    return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  }

  // Renamed into place, so that a crash leaves the old file or the new one, never half of one.
  private write(name: string, content: unknown): void {
    const file = path.join(this.folder, name);
    writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
