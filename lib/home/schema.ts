/** Matters of a section that are named on Home; the rest stand behind its link. */
export const mattersShownMax = 4;

/** What Home is made of, in the order in which it would be missed: what stops agents first, what is merely due last. */
export const sectionIds = [
  'halts',
  'releases',
  'approvals',
  'outcomes',
  'orphans',
  'policies',
  'agents',
  'changes',
  'reviews',
  'findings',
  'inherited',
  'jobs',
] as const;
export type SectionId = (typeof sectionIds)[number];

/** One thing that waits for whoever looks. `when` is an instant: until when it can be done, or since when it waits; or a day by which it is due. */
export type Matter = {
  id: string;
  title: string;
  note: string | null;
  href: string;
  when: { kind: 'until' | 'since'; at: string } | { kind: 'due'; day: string } | null;
  /** The title holds what an agent wrote. */
  hostile: boolean;
};

/** What waits in one place; `total` counts all of it. `unread`: it could not be read now, which is not the same as nothing. */
export type Section = { id: SectionId; total: number; matters: Matter[]; unread: boolean };
