export * from './drafts';
export * from './publish';
export * from './rates';
export * from './signing';
