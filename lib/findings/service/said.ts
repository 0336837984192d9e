import type { Finding } from '../schema';

/**
 * saidOf is what every event of a finding says: which detector, about what, and whose it is. Not what a stranger calls itself: that could be anything,
 * a mixed-up secret too, and the ledger keeps it for ever.
 */
export function saidOf(
  detector: string,
  { subject, processId, severity, facts }: Pick<Finding, 'subject' | 'processId' | 'severity' | 'facts'>,
): Record<string, unknown> {
  const agent = subject.type === 'agent' ? subject.id : facts['agent'];
  return {
    detector,
    severity,
    // A credential has no name: what is named is its agent.
    ...(subject.type === 'client' ? {} : { about: subject.type === 'credential' && typeof agent === 'string' ? agent : subject.id }),
    ...(subject.type === 'credential' ? { credential: subject.id } : {}),
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(processId === null ? {} : { process: processId }),
  };
}
