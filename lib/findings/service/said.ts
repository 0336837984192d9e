import type { Finding } from '../schema';

/** saidOf is what every event of a finding says: which detector, about what, and whose it is. */
export function saidOf(
  detector: string,
  { subject, processId, severity, facts }: Pick<Finding, 'subject' | 'processId' | 'severity' | 'facts'>,
): Record<string, unknown> {
  const agent = subject.type === 'agent' ? subject.id : facts['agent'];
  return {
    detector,
    severity,
    about: subject.id,
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(processId === null ? {} : { process: processId }),
  };
}
