/** link is how a link looks wherever one stands: underlined faintly, so that it is known inside a sentence without its colour. */
export const link = 'text-accent underline decoration-current/35 underline-offset-2 hover:decoration-current';
