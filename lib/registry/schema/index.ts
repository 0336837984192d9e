export * from './actions';
export * from './agents';
export * from './places';
export { TITLE_LENGTH_MAX } from './records';
