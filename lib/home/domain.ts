import type { Section, SectionId } from './schema';

type Words = {
  /** Where all of it stands. */
  href: string;
  /** What waits, with its number. */
  title: (total: number) => string;
  /** What is not there, after "no". */
  none: string;
};

const counted = (total: number, one: string, many: string): string => (total === 1 ? `1 ${one}` : `${total} ${many}`);

/** sectionWords says each section of Home in words. */
export const sectionWords: Record<SectionId, Words> = {
  halts: {
    href: '/containment/halts',
    title: (total) => `${counted(total, 'halted workflow waits', 'halted workflows wait')} for release`,
    none: 'halted workflows',
  },
  releases: {
    href: '/containment/halts',
    title: (total) => `${counted(total, 'halted action waits', 'halted actions wait')} for your signature`,
    none: 'halted actions to sign',
  },
  approvals: {
    href: '/approvals',
    title: (total) => `${counted(total, 'approval waits', 'approvals wait')} for you`,
    none: 'approvals',
  },
  outcomes: {
    href: '/outcomes?list=ambiguous',
    title: (total) => `${counted(total, 'action', 'actions')} in doubt to settle`,
    none: 'actions in doubt',
  },
  orphans: {
    href: '/succession',
    title: (total) => (total === 1 ? '1 thing has nobody who answers for it' : `${total} things have nobody who answers for them`),
    none: 'orphans',
  },
  policies: {
    href: '/policy',
    title: (total) => `${counted(total, 'policy waits', 'policies wait')} for your signature`,
    none: 'policies to sign',
  },
  agents: {
    href: '/registry/agents',
    title: (total) => (total === 1 ? '1 agent to bring on its way' : `${total} agents to bring on their way`),
    none: 'agents to bring on their way',
  },
  changes: {
    href: '/changes',
    title: (total) => `${counted(total, 'change waits', 'changes wait')} for an answer`,
    none: 'changes to decide',
  },
  reviews: { href: '/reviews', title: (total) => `${counted(total, 'review', 'reviews')} to do`, none: 'reviews' },
  findings: { href: '/findings?mine=waits', title: (total) => `${counted(total, 'finding', 'findings')} to close`, none: 'findings' },
  inherited: {
    href: '/succession?tab=moved',
    title: (total) => `${counted(total, 'thing', 'things')} came to you from somebody else`,
    none: 'inheritance',
  },
  jobs: { href: '/jobs', title: (total) => `${counted(total, 'job', 'jobs')} failing`, none: 'failing jobs' },
};

/** splitSections puts what waits, or could not be read, apart from what is quiet; in the order given. */
export function splitSections(sections: readonly Section[]): { waiting: Section[]; quiet: Section[] } {
  const isQuiet = ({ total, unread }: Section) => total === 0 && !unread;
  return { waiting: sections.filter((section) => !isQuiet(section)), quiet: sections.filter(isQuiet) };
}

/** quietWords says in one sentence where nothing waits; null when something waits everywhere. */
export function quietWords(quiet: readonly Section[]): string | null {
  if (quiet.length === 0) return null;
  const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(quiet.map(({ id }) => sectionWords[id].none));
  return `No ${list}.`;
}
