import type { EventKind } from '@/lib/ledger/schema';

/** What one event is told with: names already found, and `said`, the codes and numbers of its data. */
export type Telling = {
  who: string;
  subject: string;
  /** The action that the event's decision was about. */
  about: string;
  /** A name found for an id in the event's data. */
  nameOf: (id: string) => string;
  said: Readonly<Record<string, unknown>>;
};

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);
const version = ({ said }: Telling): string => (said['version'] === undefined ? '' : ` v${text(said['version'])}`);
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
const code = (value: unknown): string => text(value).toLowerCase().replaceAll('_', ' ');
const because = (value: unknown): string => (text(value) === '' ? '' : `: ${code(value)}`);

const names = new Intl.ListFormat('en');
/** Who was reminded or called, up to its verb; `nobody` says so when there was nobody. */
const calledOf = ({ said, nameOf }: Telling, nobody: string): string => {
  const called = list(said['called']);
  return called.length === 0 ? nobody : `${names.format(called.map(nameOf))} ${called.length === 1 ? 'was' : 'were'}`;
};

/** What a finding is of, and where. */
const cause = ({ said, nameOf }: Telling): string =>
  [code(said['detector']) || 'something', text(said['about']) === '' ? '' : `at ${nameOf(text(said['about']))}`].join(' ').trim();
const someone = ({ nameOf }: Telling, id: unknown): string => (text(id) === '' ? 'somebody' : nameOf(text(id)));

const stopped = ({ said, nameOf }: Telling): string =>
  said['scope'] === 'organisation' ? 'everything' : `${code(said['scope'])} ${nameOf(text(said['target']))}`.trim() || 'something';

const brokenAction = ({ said }: Telling): string => text(said['action_type']) || 'an action';
const isAgain = ({ said }: Telling): boolean => typeof said['times'] === 'number' && said['times'] > 1;

const did =
  (verb: string) =>
  ({ who, subject }: Telling): string =>
    `${who} ${verb} ${subject}`;
const didVersion =
  (verb: string) =>
  (telling: Telling): string =>
    `${telling.who} ${verb} policy ${telling.subject}${version(telling)}`;

/** Who had something that changed hands, or has it now, and as what. */
const holder = ({ said, nameOf }: Telling, end: 'from' | 'to'): string => nameOf(text(said[end])) || 'Somebody';
const heldAs = ({ said }: Telling): string => code(said['part']) || 'owner';

/** Every kind of event in one sentence with names. A kind without one does not compile. */
const sentences: Record<Exclude<EventKind, 'decision.made'>, (telling: Telling) => string> = {
  'grant.issued': ({ subject, said }) => `${subject} was given a token${said['task'] === undefined ? '' : ' for one task'}`,
  'access.refused': ({ subject }) => `${subject} spoke for another subject and was refused`,
  'approval.approved': did('approved'),
  'approval.rejected': ({ who, subject, said }) => `${who} rejected ${subject}${because(said['reason_code'])}`,
  'approval.expired': ({ subject }) => `Nobody decided ${subject} in time, so it was refused`,
  'approval.seen': ({ who, subject }) => `${who} looked at ${subject}`,
  'approval.cancelled': ({ subject, said }) => `${subject} was cancelled${because(said['reason_code'] ?? said['code'])}`,
  'outcome.reported': ({ who, said, about }) => `${who} reported what ${about} did${because(said['status'])}`,
  'outcome.settled': ({ who, said, about }) => `${who} settled what ${about} did${because(said['status'])}`,
  'workflow.released': ({ who, said }) => `${who} released a halted workflow (${plural(list(said['decisions']).length, 'halt')})`,
  'kill.set': (telling) => `${telling.who} stopped ${stopped(telling)}${telling.said['drill'] === undefined ? '' : ' for a kill drill'}`,
  'kill.lifted': (telling) =>
    `${telling.who} lifted the stop of ${stopped(telling)}${telling.said['drill'] === undefined ? '' : ': its kill drill is over'}`,
  'agent.registered': did('registered agent'),
  'agent.changed': did('changed the record of'),
  'agent.submitted': ({ who, subject }) => `${who} handed in agent ${subject} for review`,
  'agent.approved': did('approved agent'),
  'agent.rejected': did('rejected agent'),
  'agent.reopened': did('reopened the record of'),
  'agent.activated': did('activated agent'),
  'agent.suspended': ({ who, subject, said }) =>
    said['because'] === 'ORPHANED'
      ? `Agent ${subject} was suspended: nobody was named in place of its owner who left`
      : `${who} suspended agent ${subject}`,
  'agent.resumed': did('resumed agent'),
  'agent.decommissioned': did('decommissioned agent'),
  'credential.issued': ({ who, subject }) => `${who} made a credential for ${subject}`,
  'credential.revoked': ({ who, subject }) => `${who} revoked a credential of ${subject}`,
  'key.rotated': ({ who }) => `${who} rotated the key that signs tokens`,
  'process.created': did('created process'),
  'process.changed': did('changed process'),
  'raci.changed': ({ who, subject, said }) =>
    `${who} changed who answers for ${subject}${text(said['stage']) === '' ? '' : ` (${code(said['stage'])})`}`,
  'system.created': did('added system'),
  'system.changed': did('changed system'),
  'action_type.classified': did('classified action'),
  'action_type.disabled': did('disabled action'),
  'policy.drafted': didVersion('drafted'),
  'policy.submitted': didVersion('handed in'),
  'policy.returned': didVersion('sent back'),
  'policy.signed': didVersion('signed'),
  'policy.discarded': didVersion('discarded the draft of'),
  'policy.published': didVersion('published'),
  'policy.retired': didVersion('retired'),
  'rates.published': ({ who, said }) => `${who} published the exchange rates of ${text(said['as_of'])}`,
  'user.created': ({ who, subject }) => `${who} made an account for ${subject}`,
  'user.changed': ({ who, subject }) => `${who} changed the account of ${subject}`,
  'user.password_changed': ({ who, subject }) =>
    who === subject ? `${who} chose a new password` : `${who} reset the password of ${subject}`,
  'team.created': did('made team'),
  'team.changed': did('changed team'),
  'user.deactivated': ({ who, subject }) => `${who} deactivated the account of ${subject}`,
  'user.signed_in': ({ who }) => `${who} signed in`,
  'user.sign_in_failed': ({ subject, said }) =>
    said['code'] === 'UNKNOWN_EMAIL'
      ? 'Somebody tried to sign in with an unknown e-mail'
      : `Signing in as ${subject} failed${because(said['code'])}`,
  'user.signed_out': ({ who }) => `${who} signed out`,
  'approval.reminded': (telling) => `${calledOf(telling, 'Nobody who may sign could be')} reminded of ${telling.subject}`,
  'approval.escalated': (telling) =>
    telling.said['step'] === 2
      ? `${calledOf(telling, 'No backup could be')} called to decide ${telling.subject}`
      : `${calledOf(telling, 'Nobody accountable could be')} called to decide ${telling.subject} before its deadline`,
  'finding.opened': (telling) => `Found: ${cause(telling)}`,
  'finding.reopened': (telling) => `Found again: ${cause(telling)}`,
  'finding.closed': (telling) =>
    telling.said['because'] === 'DEALT_WITH'
      ? `${telling.who} says that this is dealt with: ${cause(telling)}`
      : `No longer found: ${cause(telling)}`,
  'finding.assigned': (telling) => {
    const { who, said } = telling;
    return text(said['to']) === ''
      ? `${who} took a finding back from ${someone(telling, said['from'])}: ${cause(telling)}`
      : `${who} gave ${someone(telling, said['to'])} a finding: ${cause(telling)}`;
  },
  'finding.snoozed': (telling) =>
    `${telling.who} put off a finding${text(telling.said['until']) === '' ? '' : ` until ${text(telling.said['until']).slice(0, 10)}`}: ${cause(telling)}`,
  'finding.woken': (telling) => `A finding that was put off is open again: ${cause(telling)}`,
  'sighting.reported': ({ subject, said }) =>
    `A tool of ${subject} reported a call${text(said['action']) === '' ? '' : ` of ${text(said['action'])}`} without a receipt`,
  'tool_key.issued': did('made a key for the tools of'),
  'tool_key.revoked': did('revoked a key of the tools of'),
  'ownership.inherited': (telling) =>
    `${holder(telling, 'to')} is ${heldAs(telling)} of ${telling.subject} after ${holder(telling, 'from')}${because(telling.said['how'])}`,
  'ownership.orphaned': (telling) => `${telling.subject} has no ${heldAs(telling)} since ${holder(telling, 'from')} left`,
  'ownership.reassigned': (telling) =>
    `${telling.who} made ${holder(telling, 'to')} ${heldAs(telling)} of ${telling.subject} after ${holder(telling, 'from')}`,
  'ownership.restored': (telling) =>
    telling.said['from'] === undefined
      ? `${holder(telling, 'to')} is back and ${heldAs(telling)} of ${telling.subject} again`
      : `${telling.who} made ${holder(telling, 'to')} ${heldAs(telling)} of ${telling.subject} again`,
  'change.requested': did('asked for a change of'),
  'change.approved': did('approved a change of'),
  'change.rejected': did('rejected a change of'),
  'change.withdrawn': did('withdrew a change of'),
  'review.opened': ({ subject }) => `Review ${subject} began`,
  'review.reminded': ({ subject, nameOf, said }) =>
    text(said['reviewer']) === ''
      ? `Nobody could be reminded to review ${subject}`
      : `${nameOf(text(said['reviewer']))} was reminded to review ${subject}`,
  'review.escalated': ({ subject, nameOf, said }) =>
    text(said['to']) === ''
      ? `The review of ${subject} is overdue, and nobody could be called`
      : `The overdue review of ${subject} went to ${nameOf(text(said['to']))}`,
  'review.reassigned': ({ who, subject, nameOf, said }) =>
    text(said['to']) === ''
      ? `The review of ${subject} has nobody who can do it`
      : `${who} gave the review of ${subject} to ${nameOf(text(said['to']))}`,
  'review.decided': ({ who, subject, said }) => `${who} reviewed ${subject}${because(said['decision'])}`,
  'review.closed': ({ subject }) => `Review ${subject} ended`,
  'maturity.recorded': ({ said }) =>
    said['stage'] === undefined
      ? 'The maturity of a day was recorded'
      : `The maturity of ${text(said['day'])} was recorded: stage ${text(said['stage'])}`,
  'kill.acknowledged': ({ subject, said }) => {
    const silent = Array.isArray(said['silent']) ? said['silent'].length : 0;
    const told = silent === 0 ? 'Every gateway' : `Every gateway but ${silent === 1 ? 'one' : String(silent)}`;
    return `${told} acknowledged the stop ${subject}`;
  },
  'breaker.opened': (telling) =>
    `The circuit breaker of ${telling.subject} for ${brokenAction(telling)} opened${isAgain(telling) ? ' again' : ''}${because(telling.said['cause'])}`,
  'breaker.closed': (telling) =>
    telling.said['by'] === 'person'
      ? `${telling.who} reset the circuit breaker of ${telling.subject} for ${brokenAction(telling)}`
      : `The circuit breaker of ${telling.subject} for ${brokenAction(telling)} closed: it recovered`,
  'release.asked': ({ who, subject }) => `${who} asked a second person to let the action ${subject} happen once`,
  'release.withdrawn': ({ who, subject }) => `${who} took back the question whether the action ${subject} may happen once`,
  'release.signed': ({ who, subject, said, nameOf }) =>
    `${who} and ${text(said['asked_by']) === '' ? 'a second person' : nameOf(text(said['asked_by']))} let the halted action ${subject} happen once`,
  'drill.planned': did('planned kill drills of'),
  'drill.unplanned': did('ended the plan of kill drills of'),
  'drill.started': ({ subject }) => `A kill drill of ${subject} began`,
  'drill.finished': ({ subject, said }) => `A kill drill of ${subject} ended${because(said['outcome'])}`,
  'resumption.asked': ({ who }) => `${who} asked a second person to let the gateways go on after a restore`,
  'resumption.signed': ({ who }) => `${who} let the gateways go on after a restore`,
  'job.asked': ({ who, subject }) => `${who} asked for the job ${subject}`,
  'organisation.changed': ({ who, nameOf, said }) => {
    if (said['leaves_sample'] === true) return `${who} asked to leave the sample organisation`;
    if (said['settings'] !== undefined) return `${who} changed after how long something is a finding`;
    const first = text(said['claimed_by']);
    return first === '' ? `${who} changed the settings of the organisation` : `${nameOf(first)} became the first administrator`;
  },
};

/** tellEvent puts an event into a sentence; a kind this version does not know is named as it is. */
export function tellEvent(kind: string, telling: Telling): string {
  const sentence = Object.hasOwn(sentences, kind) ? sentences[kind as keyof typeof sentences] : undefined;
  return sentence === undefined ? `${telling.who}: ${kind.replaceAll(/[._]/g, ' ')}` : sentence(telling);
}
