/** CommandFailure ends the command with one sentence and exit code 1. */
export class CommandFailure extends Error {}
