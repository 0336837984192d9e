export * from './drafts';
export * from './rates';
export * from './versions';
