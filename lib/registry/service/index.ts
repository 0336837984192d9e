export * from './actions';
export * from './agents';
export * from './holders';
export * from './processes';
export * from './systems';
