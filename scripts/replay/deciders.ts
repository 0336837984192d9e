import { decideAs } from '@/lib/approvals/service';
import type { PersonVerdict } from '@/lib/approvals/schema';
import { CommandFailure } from './failure';
import type { Decider } from './run';

/** askInConsole tells where a person can decide, once for each request; the replay waits until one has. */
export function askInConsole(publicUrl: string, say: (line: string) => void): Decider {
  return ({ call, answer, request }) => {
    const why = answer.context.deciding.join(' and ');
    say(`${call.tool} in ${call.run} waits for a person (tier ${answer.context.tier} by ${why}): ${publicUrl}/approvals/${request.id}`);
    return Promise.resolve();
  };
}

/** decideHere approves or rejects each request as a named person, bound to the digest the gate answered with. */
export function decideHere(email: string, decision: 'approve' | 'reject'): Decider {
  return async ({ answer, request }) => {
    const { digest } = answer.context;
    const verdict: PersonVerdict =
      decision === 'approve' ? { verdict: 'approved', digest } : { verdict: 'rejected', digest, reasonCode: 'NOT_AUTHORISED' };
    const outcome = await decideAs(email, request.id, verdict);
    // A person in the console was faster, or the deadline passed: what stands is what the agent will hear.
    if (outcome.ok || outcome.refusal.code === 'ALREADY_DECIDED' || outcome.refusal.code === 'EXPIRED') return;
    throw new CommandFailure(`${email} cannot decide ${request.id}: ${outcome.refusal.text}`);
  };
}
