export * from './agent';
export * from './gate';
export * from './record';
