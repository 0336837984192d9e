import { z } from 'zod';
import { nameLengthMax, UserId, UserStatus } from './accounts';

/** Most people in one team. */
export const teamMembersMax = 200;

export const TeamId = z.string().regex(/^tea_[0-9a-z_]{1,40}$/);

export const TeamName = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(nameLengthMax, `at most ${nameLengthMax} characters`)
  .regex(/^\P{C}*$/u, 'holds characters that cannot be seen');

const MemberIds = z.array(UserId).max(teamMembersMax, `at most ${teamMembersMax} people`);

/** NewTeam is a team to create; `id` only for set-up, where examples name it. */
export const NewTeam = z.strictObject({ id: TeamId.optional(), name: TeamName, memberIds: MemberIds });
export type NewTeam = z.input<typeof NewTeam>;

/** TeamRecord is the whole of a team as it is edited. */
export const TeamRecord = z.strictObject({ name: TeamName, memberIds: MemberIds });
export type TeamRecord = z.input<typeof TeamRecord>;

/** Team is people who hold a cell of the RACI matrix together; a member who was deactivated stays listed and does nothing. */
export const Team = z.object({
  id: z.string(),
  name: z.string(),
  members: z.array(z.object({ id: z.string(), name: z.string(), status: UserStatus })),
});
export type Team = z.infer<typeof Team>;
