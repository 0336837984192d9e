import { readCall } from '../agents';
import { decidedBy } from '../client';
import { scenario } from '../scenario';

const settings = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** A server that would lose acknowledged commits in a crash gets no gateway, and the gateway says why. */
export const neverDurable = scenario({
  name: 'never-durable',
  promise: 'No start on a server that may lose commits',
  sizes: { ci: { rounds: 1 }, full: { rounds: 5 } },
  run: async (ground, { rounds }, random, findings) => {
    const alter = (change: string): Promise<void> => ground.asSuperuser(change, 'SELECT pg_reload_conf()', 'SELECT pg_sleep(0.2)');
    for (let round = 0; round < rounds; round++) {
      for (const setting of settings) {
        await alter(`ALTER SYSTEM SET ${setting} = off`);
        const said = await ground.stage.addGateway().then(
          () => 'it started',
          (error: unknown) => String(error),
        );
        await alter(`ALTER SYSTEM RESET ${setting}`);
        const refused = said.includes(`${setting} = off`) && said.includes('would not survive a crash');
        findings.expect(refused, () => `with ${setting} off: ${said}`);
      }
      const gateway = await ground.stage.addGateway();
      const answer = decidedBy(await ground.agent(0).ask(ground.client, gateway, readCall(random, false)));
      findings.expect(answer?.decision === true, () => 'a gateway that started afterwards does not decide');
    }
    return `${rounds} × ${settings.join(', ')} off`;
  },
});
