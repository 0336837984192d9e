export { templateCells } from './template';
