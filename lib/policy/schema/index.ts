export * from './documents';
export * from './drafts';
