export { changeMatrix, type MatrixOutcome } from './matrix';
export { giveTemplate, listAccountable, moveAccountable, moveToNewOwner, type AccountableCell } from './reactions';
