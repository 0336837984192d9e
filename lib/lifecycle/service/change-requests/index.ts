export * from './ask';
export { closeRequestsOfAgent, closeRequestsOfPerson } from './close';
export * from './decide';
export { digestOfChange } from './digest';
export * from './withdraw';
