import { appendEvents, type Reaction } from '@/lib/ledger/service';
import * as store from '../store/findings';
import { saidOf } from './said';

/** releaseFindings takes back what was assigned to a person, in the commit that removes them. */
export const releaseFindings: Reaction = async (tx, event) => {
  const findings = await store.lockAssigned(tx, event.subject.id);
  const ids = findings.map(({ id }) => id);
  await store.assignRows(tx, ids, null, null);
  await appendEvents(
    tx,
    findings.map((finding) => ({
      kind: 'finding.assigned' as const,
      actor: event.actor,
      subject: { type: 'finding', id: finding.id },
      data: { ...saidOf(finding.detector, finding), to: null, from: event.subject.id, because: 'PERSON_LEFT' },
    })),
  );
};
