import { raciRoleTexts, stageTexts, type CellChange, type Holder, type MatrixView } from '@/lib/raci/schema';

type Names = Pick<MatrixView, 'people' | 'teams'>;

/** holderName is what a person or a team is called; one that is not known is called by its id. */
export function holderName(holder: Holder, { people, teams }: Names): string {
  const known = holder.type === 'user' ? people.find(({ id }) => id === holder.id) : teams.find(({ id }) => id === holder.id);
  return known?.name ?? holder.id;
}

/** membersOf names the people of a team who are still here. */
export function membersOf(teamId: string, { people, teams }: Names): string[] {
  const ids = teams.find(({ id }) => id === teamId)?.members ?? [];
  return people.filter(({ id, active }) => active && ids.includes(id)).map(({ name }) => name);
}

/** changeWords is one changed cell: its place, who comes in and who goes out. */
export function changeWords(change: CellChange, names: Names): { place: string; added: string[]; removed: string[] } {
  const said = (holders: readonly Holder[]) => holders.map((holder) => holderName(holder, names));
  return {
    place: `${stageTexts[change.stage].title}, ${raciRoleTexts[change.role].title}`,
    added: said(change.added),
    removed: said(change.removed),
  };
}

/** list is names as a sentence has them: "Ana, Raj and Sofia". */
export const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
