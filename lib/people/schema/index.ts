export * from './accounts';
export * from './changes';
export * from './roles';
export * from './teams';
export * from './views';
