export { assignFindings, settleFinding, snoozeFindings, wakeFindings, type FindingsOutcome } from './actions';
export { lookAgain } from './look';
export { releaseFindings } from './release';
export { changeSettings, type SettingsOutcome } from './settings';
export { sweepFindings } from './sweep';
