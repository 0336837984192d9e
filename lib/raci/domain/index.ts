export { gapSentence, gapsOf } from './gaps';
export { changesBetween, effectiveRows, holdersIn, rebase, rowsOf, sameHolder } from './matrix';
export { agentsMeant, expand, problemsOf } from './rules';
export { applyTemplate, cellsOf, defaultResponsible, templateCells, templateRows, templateTeams } from './template';
