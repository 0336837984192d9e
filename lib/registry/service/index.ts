export * from './actions';
export * from './agents';
export * from './processes';
export * from './systems';
