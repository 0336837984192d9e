import { mkdirSync } from 'node:fs';
import pg from 'pg';
import { Client } from './client';
import { TortureAgent } from './agents';
import { issueCredential } from '@/lib/identity/service';
import { closeClients, createPool, withClient } from '@/lib/platform/db';
import type { PersonActor, SystemActor } from '@/lib/people/service';
import { activateAgent, approveAgent, registerAgent, submitAgent } from '@/lib/registry/service';
import { actionTypes, agent as sample } from '@/prisma/seed/sample';
import { startStage, type Stage, type StageGateway } from '@/scripts/testing/stage';

const setup: SystemActor = { type: 'system', id: 'setup' };
const agentCount = 8;

/** The sample people, by what the scenarios need them for. */
export const people = {
  owner: { type: 'user', id: 'usr_ana' },
  leader: { type: 'user', id: 'usr_liam' },
  security: { type: 'user', id: 'usr_sofia' },
} as const satisfies Record<string, PersonActor>;

/** Ground is where scenarios run: one throwaway installation, eight agents and a client, shared by all of them in turn. */
export class Ground {
  readonly client = new Client();

  private constructor(
    readonly stage: Stage,
    readonly agents: readonly TortureAgent[],
    /** As the owner of the tables, for what no person or agent may do: moving deadlines, looking into tables. */
    readonly owner: pg.Pool,
  ) {}

  static async open(): Promise<Ground> {
    const stage = await startStage(0);
    mkdirSync(stage.environment['CHECKPOINT_DIR'] ?? '', { recursive: true });
    const agents: TortureAgent[] = [];
    for (let i = 1; i <= agentCount; i++) agents.push(await newAgent(`agt_torture${i}`));
    const owner = createPool(stage.urls.owner, { application: 'torture', max: 4 });
    return new Ground(stage, agents, owner);
  }

  get urls(): Stage['urls'] {
    return this.stage.urls;
  }

  get cluster(): Stage['cluster'] {
    return this.stage.cluster;
  }

  get gateways(): readonly StageGateway[] {
    return this.stage.gateways;
  }

  /** agent is one of the eight, from 0. */
  agent(index: number): TortureAgent {
    const agent = this.agents[index];
    if (!agent) throw new Error(`there is no agent ${index}`);
    return agent;
  }

  /** gateway is one of those that run, counted round and round. */
  gateway(index: number): StageGateway {
    const gateway = this.gateways[index % Math.max(1, this.gateways.length)];
    if (!gateway) throw new Error('no gateway runs');
    return gateway;
  }

  /** standing makes two gateways stand, as every scenario finds them. */
  async standing(): Promise<void> {
    while (this.gateways.length < 2) await this.stage.addGateway();
    for (const gateway of this.gateways.slice(2)) gateway.child.kill('SIGKILL');
    await Promise.all(this.gateways.slice(2).map(({ exited }) => exited));
  }

  /** asSuperuser runs statements on a fresh connection, outside every transaction. */
  async asSuperuser(...statements: string[]): Promise<void> {
    await withClient(this.urls.superuser, async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await closeClients();
    await this.stage.stop();
  }
}

async function newAgent(id: string): Promise<TortureAgent> {
  const registered = await registerAgent(setup, {
    id,
    name: `Torture agent ${id.slice(-1)}`,
    purpose: 'Asks as fast as it can while everything around it breaks.',
    processId: sample.processId,
    sponsorId: people.leader.id,
    autonomyFloor: 1,
    permissions: actionTypes.map(({ name }) => name),
  });
  if (!registered.ok) throw new Error(`${id} could not be registered: ${registered.code}`);
  const issued = await issueCredential(setup, id);
  if (!issued.ok) throw new Error(`${id} got no credential: ${issued.code}`);
  for (const step of [submitAgent, approveAgent, activateAgent]) {
    const done = await step(setup, id);
    if (!done.ok) throw new Error(`${id} could not be activated: ${done.code}`);
  }
  return new TortureAgent(id, { clientId: issued.credential.id, secret: issued.secret });
}
