import { z } from 'zod';
import { AmountText, Currency, Label } from '../actions';

export const TRIGGERS_PER_AGENT_MAX = 50;
export const MCP_SERVERS_MAX = 50;
export const DATA_CLASSES_MAX = 32;
const ADDRESS_LENGTH_MAX = 500;
const LINE_LENGTH_MAX = 120;
const CALLS_PER_DAY_MAX = 1_000_000_000;

/** What may stand in a link: a web page, without a password in it. Anything else would run, or be sent somewhere, when it is clicked. */
function isWebAddress(text: string): boolean {
  if (/[\p{C}\s]/u.test(text)) return false;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && url.username === '' && url.password === '';
}

/** WebAddress is a link that people may follow: http or https only. */
export const WebAddress = z
  .string()
  .trim()
  .max(ADDRESS_LENGTH_MAX)
  .refine(isWebAddress, 'Begin with https:// or http://, without a password.');
const Maybe = <Shape extends z.ZodType<string>>(shape: Shape) => z.union([z.literal(''), shape]).default('');

const Line = z
  .string()
  .trim()
  .max(LINE_LENGTH_MAX)
  .regex(/^[^\p{C}]*$/u, 'This has characters that cannot be shown.');

const Uri = z
  .string()
  .trim()
  .max(ADDRESS_LENGTH_MAX)
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{C}]+$/u, 'Write it with its scheme: spiffe://example.org/agent');

/** TriggerName is one thing that may start the agent: `schedule:nightly`, `email:invoices`. */
export const TriggerName = z
  .string()
  .trim()
  .min(1)
  .max(LINE_LENGTH_MAX)
  .regex(/^[^\p{C}]+$/u, 'This has characters that cannot be shown.');

const Model = z.strictObject({ vendor: Line.default(''), name: Line.default(''), version: Line.default('') });
const Links = z.strictObject({ repository: Maybe(WebAddress), runbook: Maybe(WebAddress), dashboard: Maybe(WebAddress) });
/** What its owner says is normal for it; nothing is decided by these figures. */
const Baseline = z.strictObject({
  callsPerDay: z.int().min(0).max(CALLS_PER_DAY_MAX).nullable().default(null),
  typicalAmount: Maybe(AmountText),
  currency: Maybe(Currency),
});

/** AgentRecord is the part of an agent's record that nothing is found or decided by. Empty text: not stated. */
export const AgentRecord = z.strictObject({
  uri: Maybe(Uri),
  triggers: z.array(TriggerName).max(TRIGGERS_PER_AGENT_MAX).default([]),
  framework: Line.default(''),
  model: Model.prefault({}),
  dataClasses: z.array(Label).max(DATA_CLASSES_MAX).default([]),
  links: Links.prefault({}),
  a2aCard: Maybe(WebAddress),
  mcpServers: z.array(WebAddress).max(MCP_SERVERS_MAX).default([]),
  baseline: Baseline.prefault({}),
});
export type AgentRecord = z.infer<typeof AgentRecord>;
