export * from './breaker';
export * from './documents';
export * from './drafts';
