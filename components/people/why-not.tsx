import type { DeactivationRefusal, ReactivationRefusal, ResetRefusal, RolesRefusal } from '@/lib/people/domain/changes';

/** Named is somebody who could do it instead. */
export type Admin = { id: string; name: string };
/** Viewer is who looks at the page, with what they may do to people. */
export type Viewer = { id: string; personId: string; manages: boolean };

const namesMax = 3;

/** whoCan names the administrators who can do it instead. */
export function whoCan(admins: readonly Admin[], viewer: Viewer): string {
  const others = admins.filter(({ id }) => id !== viewer.id);
  if (others.length === 0) return 'There is no other administrator: give somebody the role first.';
  const names = others.slice(0, namesMax).map(({ name }) => name);
  if (others.length > namesMax) names.push(`${others.length - namesMax} more`);
  return `${new Intl.ListFormat('en', { type: 'disjunction' }).format(names)} can.`;
}

type Code = 'NOT_ADMIN' | DeactivationRefusal | ReactivationRefusal | ResetRefusal | RolesRefusal;

const because: Record<Code, string> = {
  NOT_ADMIN: 'Only administrators do this.',
  OWN_ACCOUNT: 'Nobody does this to an account of their own.',
  OWN_ROLES: 'Nobody gives or takes roles of their own.',
  DEACTIVATED: 'The account is deactivated.',
  ALREADY_DEACTIVATED: 'It is deactivated already.',
  ALREADY_ACTIVE: 'It is active already.',
};

/** WhyNot stands beside a button that is closed: why, and who can. */
export function WhyNot({ code, admins, viewer }: { code: Code | undefined; admins: readonly Admin[]; viewer: Viewer }) {
  if (code === undefined) return null;
  const names = code === 'NOT_ADMIN' || code === 'OWN_ACCOUNT' || code === 'OWN_ROLES';
  return (
    <p className="text-sm text-ink-2" data-why-not={code}>
      {because[code]} {names ? whoCan(admins, viewer) : null}
    </p>
  );
}
