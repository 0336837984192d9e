export * from './facts';
export * from './items';
export * from './opening';
export * from './shared';
