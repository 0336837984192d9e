export { recordMaturity } from './record';
