export * from './changes';
export * from './guessing';
export * from './persons';
