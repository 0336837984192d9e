export * from './actions';
export * from './agents';
export * from './places';
export * from './systems';
export { TITLE_LENGTH_MAX } from './records';
