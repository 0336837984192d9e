import { approve, askForPerson, redeeming } from '../approvals';
import { decidedBy } from '../client';
import { lastSeq, readLedger } from '../ledger';
import { scenario } from '../scenario';

const atOnce = 100;

/** A hundred clients use one approval at once, over two gateways, each with a key of its own. */
export const redeemRace = scenario({
  name: 'redeem-race',
  promise: 'An approval is used once',
  sizes: { ci: { rounds: 30 }, full: { rounds: 1_000 } },
  run: async (ground, { rounds }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const used = new Map<string, string>();
    for (let round = 0; round < rounds; round++) {
      const waiting = await askForPerson(ground, ground.agent(round % ground.agents.length), random, ground.gateway(round));
      if (!waiting) throw new Error('a large payment was not asked for');
      const approved = await approve(waiting);
      if (!approved.ok) throw new Error(`it was not approved: ${approved.refusal.code}`);
      const replies = await Promise.all(
        Array.from({ length: atOnce }, (_, i) => waiting.agent.ask(ground.client, ground.gateway(i), redeeming(waiting, random))),
      );
      const answers = replies.map(decidedBy);
      const allows = answers.filter((answer) => answer?.decision);
      findings.expect(
        allows.length === 1,
        () => `${waiting.id} was used ${allows.length} times: ${allows.map((answer) => answer?.context.id).join(', ')}`,
      );
      const silent = replies.find((_, i) => !answers[i]);
      if (silent) findings.violated(`no decision while everything stands: ${JSON.stringify(silent).slice(0, 300)}`);
      const otherwise = answers.find((answer) => answer && !answer.decision && answer.context.reasons[0]?.code !== 'APPROVAL_USED');
      if (otherwise) findings.violated(`a late use was refused as ${otherwise.context.reasons[0]?.code ?? 'nothing'}`);
      used.set(waiting.id, allows[0]?.context.id ?? '');
    }
    await readLedger(ground.urls.owner, before, findings, ({ used_approval, id }) => {
      if (used_approval !== undefined && used.get(used_approval) !== id)
        findings.violated(`${used_approval} was used by row ${id} as well`);
    });
    return `${rounds} approvals, each used by ${atOnce} clients at once over 2 gateways`;
  },
});
