/** Refusal is a reason not to go on that a person can act on: shown as its one sentence, with no stack. */
export class Refusal extends Error {}
