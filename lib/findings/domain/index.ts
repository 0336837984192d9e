export * from './detectors';
export * from './reach';
