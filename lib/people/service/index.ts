export type { Actor, PersonActor, Refused, SignedIn, SystemActor, User } from '../schema';
export type { Tx } from '../store';
export {
  addPerson,
  changeUser,
  createUser,
  insertAccount,
  type ChangeUserOutcome,
  type NewPersonOutcome,
  type NewUserOutcome,
} from './accounts';
export { deactivateUser, reactivateUser, type DeactivationOutcome, type ReactivationOutcome } from './departure';
export { findUser, findUserByEmail, listUsers } from './find';
export { findAccounts, findManagerId } from './managers';
export {
  changePassword,
  resetPassword,
  unlockSignIn,
  type PasswordChangeOutcome,
  type ResetOutcome,
  type UnlockOutcome,
} from './credentials';
export { hashPassword } from './passwords';
export { endOtherSessions, endSession, findSession } from './sessions';
export { signIn, type SignInOutcome } from './sign-in';
export { changeTeam, createTeam, listTeams, type NewTeamOutcome, type TeamChangeOutcome } from './teams';
export { actAs, inTransaction, lockActor, type Doer } from './transactions';
