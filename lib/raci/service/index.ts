export { changeMatrix, type MatrixOutcome } from './matrix';
export { giveTemplate, moveToNewOwner } from './reactions';
