/** Errors after which a request may have arrived: the time ran out, or the line was cut on the way. */
const lostOnTheWay: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RESPONSE_STATUS_CODE',
  'UND_ERR_ABORTED',
]);
const timedOut: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError']);
const causesMax = 5;

/**
 * outcomeOfError reads what a tool threw: `ambiguous` when the action may have taken effect all the same (a time-out, an abort, a connection lost on
 * the way), `failed` for everything else, such as a refusal or a connection that never came about.
 */
export function outcomeOfError(error: unknown): 'failed' | 'ambiguous' {
  let one = error;
  for (let depth = 0; depth < causesMax && one instanceof Error; depth++, one = one.cause) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : '';
    if (timedOut.has(one.name) || lostOnTheWay.has(code)) return 'ambiguous';
  }
  return 'failed';
}
