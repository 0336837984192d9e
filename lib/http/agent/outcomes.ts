import type { FastifyInstance, FastifyReply } from 'fastify';
import { noToken, principalOf, problem } from './answers';
import { readStrictJson } from './body';
import { idempotencyKey, keyLengthMax, pointers } from './check-door';
import { bodyBytesMax } from '@/lib/check/schema';
import type { Doorkeeper } from '@/lib/check/service';
import { OutcomeReport } from '@/lib/outcomes/schema';
import type { Reporter, ReportResult } from '@/lib/outcomes/service/report';

/** addOutcomes adds where an agent reports what an allowed action really did. */
export function addOutcomes(app: FastifyInstance, { doorkeeper, reporter }: { doorkeeper: Doorkeeper; reporter: Reporter }): void {
  app.post('/api/outcomes', async (request, reply) => {
    const principal = await principalOf(request, doorkeeper);
    if (!principal) return noToken(reply);
    const key = idempotencyKey(request.raw);
    if (key === null) return problem(reply, 'MALFORMED', `An Idempotency-Key has 1 to ${keyLengthMax} visible ASCII characters.`);
    const body = await readStrictJson(request.raw, bodyBytesMax);
    if (!body.ok) return problem(reply, body.code, body.detail);
    const report = OutcomeReport.safeParse(body.value);
    if (!report.success)
      return problem(
        reply,
        'MALFORMED',
        'The request does not have the shape of an outcome; nothing was recorded.',
        pointers(report.error),
      );
    return answer(reply, await reporter.report({ principal, report: report.data, idempotencyKey: key }));
  });
}

function answer(reply: FastifyReply, result: ReportResult): FastifyReply {
  switch (result.kind) {
    case 'recorded':
      return (result.replayed ? reply.header('idempotent-replayed', 'true') : reply).send(result.answer);
    case 'unknown':
      return problem(reply, 'NOT_FOUND', 'This agent has no such decision.');
    case 'not_allowed':
      return problem(
        reply,
        'DECISION_NOT_ALLOWED',
        'That decision did not let the action go ahead, so it has no outcome; nothing was recorded.',
      );
    case 'wrong_effect':
      return problem(reply, 'UNPROCESSABLE', 'The effect key belongs to another decision; nothing was recorded.', [
        { pointer: '/effect_key', detail: 'is not the effect of this decision' },
      ]);
    case 'another':
      return problem(
        reply,
        'OUTCOME_REPORTED',
        `The outcome is known to be "${result.status}" and stays so. Only an ambiguous outcome can be settled by another word.`,
      );
    case 'key_mismatch':
      return problem(reply, 'IDEMPOTENCY_MISMATCH', 'This Idempotency-Key belongs to another request of this agent; nothing was recorded.');
    case 'unavailable':
      return problem(reply, 'UNAVAILABLE', `The outcome was not recorded: ${result.why}. Report it again.`);
  }
}
