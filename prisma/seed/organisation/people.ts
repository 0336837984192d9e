import type { NewTeam } from '@/lib/people/schema';
import { people as smallPeople, person, teams as smallTeams } from '../sample';

/** Who joins the people of the small sample: an owner for each process, hands for the engineers, and two who have left by today. */
const more = [
  person('ines', 'Ines Carvalho', ['process_owner']),
  person('jonas', 'Jonas Bauer', ['process_owner']),
  person('marta', 'Marta Kowalska', ['process_owner']),
  person('viktor', 'Viktor Eriksen', ['process_owner']),
  person('aisha', 'Aisha Rahman', ['process_owner']),
  person('pedro', 'Pedro Alvarez', ['process_owner']),
  person('helena', 'Helena Brandt', ['leader']),
  person('kofi', 'Kofi Mensah', ['engineer']),
  person('mei', 'Mei Tanaka', ['engineer']),
  person('david', 'David Okafor', ['process_owner']),
  person('bruno', 'Bruno Keller', ['engineer']),
] as const;

export const people = [...smallPeople, ...more];
export type PersonKey = (typeof people)[number]['id'] extends `usr_${infer Key}` ? Key : never;

/** Who is whose manager. David has none: nobody inherits what he leaves behind. */
export const managers: Readonly<Partial<Record<PersonKey, PersonKey>>> = {
  ana: 'liam',
  nora: 'liam',
  ines: 'mateo',
  jonas: 'helena',
  marta: 'mateo',
  viktor: 'helena',
  aisha: 'helena',
  pedro: 'liam',
  emma: 'grace',
  yusuf: 'grace',
  kofi: 'grace',
  mei: 'grace',
  bruno: 'grace',
  chloe: 'sofia',
  hana: 'raj',
  tomas: 'raj',
  lena: 'omar',
  liam: 'helena',
  mateo: 'helena',
};

const team = (key: string, name: string, members: readonly PersonKey[]): NewTeam & { id: string } => ({
  id: `tea_${key}`,
  name,
  memberIds: members.map((member) => `usr_${member}`),
});

/** The teams of the small sample, and those who answer when something waits in one of the other processes. */
export const teams: readonly (NewTeam & { id: string })[] = [
  ...smallTeams,
  team('service_supervisors', 'Customer service supervisors', ['ines', 'mateo']),
  team('procurement_supervisors', 'Procurement supervisors', ['nora', 'ana']),
  team('sales_supervisors', 'Sales supervisors', ['marta', 'mateo']),
  team('operations_duty', 'Operations duty', ['viktor', 'helena']),
  team('legal', 'Legal', ['aisha', 'helena']),
  team('logistics_supervisors', 'Logistics supervisors', ['pedro', 'liam']),
];
