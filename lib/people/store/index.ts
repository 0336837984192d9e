export * from './attempts';
export { countHeld } from './departure';
export type { Reader, Tx } from './reader';
export * from './sessions';
export * from './teams';
export * from './users';
