import type { NewTeam, NewUser } from '@/lib/people/schema';
import { Row, type Holder } from '@/lib/raci/schema';
import type { Classification, NewActionType, NewAgent, NewProcess, NewSystem } from '@/lib/registry/schema';

type SamplePerson = Omit<NewUser, 'password' | 'roles'> & { roles: readonly NewUser['roles'][number][] };
/** person is somebody of a sample: id, person and e-mail follow from one short name. */
export const person = <Id extends string>(id: Id, name: string, roles: SamplePerson['roles']) => ({
  id: `usr_${id}` as const,
  personId: `per_${id}`,
  email: `${id}@example.com`,
  name,
  roles,
});

/**
 * The sample organisation: people of every duty, and for each duty a second person, since what one writes another signs. Ids and e-mails are fixed, so
 * that examples can name them. The first is who the start script tells you to sign in as: she decides what the sample agent asks.
 */
export const people = [
  person('ana', 'Ana Meyer', ['process_owner']),
  person('liam', 'Liam Chen', ['leader']),
  person('sofia', 'Sofia Rossi', ['security']),
  person('raj', 'Raj Patel', ['admin', 'risk']),
  person('emma', 'Emma Novak', ['engineer']),
  person('omar', 'Omar Haddad', ['auditor']),
  person('nora', 'Nora Lindqvist', ['process_owner']),
  person('mateo', 'Mateo Silva', ['leader']),
  person('chloe', 'Chloe Dubois', ['security']),
  person('grace', 'Grace Kim', ['admin']),
  person('hana', 'Hana Sato', ['risk']),
  person('tomas', 'Tomas Weber', ['risk']),
  person('yusuf', 'Yusuf Demir', ['engineer']),
  person('lena', 'Lena Fischer', ['auditor']),
] as const satisfies readonly SamplePerson[];

export const firstSignIn = people[0].email;

/** Teams bear the names that the RACI template looks for, so that a process made after them finds its people. */
export const teams: readonly (NewTeam & { id: string })[] = [
  { id: 'tea_payables_supervisors', name: 'Payables supervisors', memberIds: ['usr_liam', 'usr_nora'] },
  { id: 'tea_data_governance', name: 'Data governance', memberIds: ['usr_hana', 'usr_yusuf'] },
  { id: 'tea_ai_engineering', name: 'AI engineering', memberIds: ['usr_emma', 'usr_yusuf'] },
  { id: 'tea_risk_and_compliance', name: 'Risk and compliance', memberIds: ['usr_raj', 'usr_hana', 'usr_tomas'] },
  { id: 'tea_ai_operations', name: 'AI operations', memberIds: ['usr_yusuf', 'usr_grace'] },
  { id: 'tea_platform_engineering', name: 'Platform engineering', memberIds: ['usr_grace', 'usr_emma'] },
  { id: 'tea_security', name: 'Security', memberIds: ['usr_sofia', 'usr_chloe'] },
  { id: 'tea_business_leadership', name: 'Business leadership', memberIds: ['usr_liam', 'usr_mateo'] },
];

export const system: NewSystem = { id: 'sys_erp', name: 'ERP' };
export const businessProcess: NewProcess & { id: string } = {
  id: 'prc_payables',
  name: 'Accounts payable',
  ownerId: 'usr_ana',
  description: 'Pays approved vendor invoices: once, on time, and to the vendor who sent them.',
};

const ana: Holder = { type: 'user', id: 'usr_ana' };
const team = (name: string): Holder => ({ type: 'team', id: `tea_${name}` });
const [supervisors, engineering, risk] = [team('payables_supervisors'), team('ai_engineering'), team('risk_and_compliance')];

/** Who does what in Accounts payable. Ana answers for all of it; what waits is signed by her or by the supervisors. */
export const matrix: readonly Row[] = [
  { stage: 'trigger', responsible: [ana], consulted: [engineering], informed: [team('ai_operations')] },
  { stage: 'context_retrieval', responsible: [team('data_governance')], consulted: [engineering], informed: [] },
  { stage: 'decision_generation', responsible: [engineering], consulted: [risk], informed: [supervisors] },
  { stage: 'policy_validation', responsible: [risk, team('ai_operations')], consulted: [team('security')], informed: [supervisors] },
  { stage: 'action_execution', responsible: [ana], consulted: [], informed: [supervisors] },
  { stage: 'logging_audit', responsible: [team('platform_engineering')], consulted: [team('security')], informed: [risk] },
  { stage: 'escalation', responsible: [supervisors], consulted: [risk], informed: [team('business_leadership')] },
  {
    stage: 'incident_response',
    responsible: [team('security'), risk, team('business_leadership')],
    consulted: [engineering],
    informed: [supervisors],
  },
].map((row) => Row.parse({ ...row, accountable: ana.id }));

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const invoice = text(64);
const payment = {
  type: 'object',
  additionalProperties: false,
  required: ['invoice', 'vendor', 'amount', 'currency'],
  properties: { invoice, vendor: text(64), amount: { type: ['string', 'number'] }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
};
const paymentRisk: Omit<Classification, 'reversibility'> = {
  effect: 'execute',
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
  money: { pointer: '/amount', currency: { pointer: '/currency' } },
  records: { constant: 1 },
  categories: { constant: [] },
  regimes: { constant: [] },
  counterparty: '/vendor',
};
const oneDaySeconds = 24 * 3600;

export const actionTypes: NewActionType[] = [
  {
    name: 'invoices.read',
    title: 'Invoice reads',
    sentence: 'Read invoice {invoice}',
    system: 'sys_erp',
    parameters: { type: 'object', additionalProperties: false, required: ['invoice'], properties: { invoice } },
    classification: {
      effect: 'read',
      reversibility: 'reversible',
      sensitivity: { constant: 'internal' },
      audience: { constant: 'internal' },
      records: { constant: 1 },
      categories: { constant: [] },
      regimes: { constant: [] },
    },
  },
  {
    name: 'payments.schedule',
    title: 'Vendor payments',
    sentence: 'Schedule a payment of {amount} {currency} to vendor {vendor} for invoice {invoice}',
    system: 'sys_erp',
    parameters: payment,
    classification: {
      ...paymentRisk,
      reversibility: 'reversible',
      compensation: { action: 'payments.cancel' },
      reversal: { windowSeconds: oneDaySeconds, until: 'settlement' },
    },
  },
  {
    name: 'payments.execute',
    title: 'Immediate vendor payments',
    sentence: 'Pay {amount} {currency} to vendor {vendor} at once for invoice {invoice}',
    system: 'sys_erp',
    parameters: payment,
    classification: { ...paymentRisk, reversibility: 'irreversible' },
  },
];

/** What undoes a payment within its window. The agent itself may not ask for it. */
export const compensations: NewActionType[] = [
  {
    name: 'payments.cancel',
    title: 'Cancelled payments',
    sentence: 'Cancel the payment of {amount} {currency} to vendor {vendor} for invoice {invoice}',
    system: 'sys_erp',
    parameters: payment,
    classification: { ...paymentRisk, effect: 'write', reversibility: 'reversible', compensation: { action: 'payments.schedule' } },
  },
];

/** Who takes the sample agent through its life: nobody reviews what they wrote, and who answers for it lets it act. */
export const lifecycle = { author: 'usr_emma', reviewer: 'usr_sofia', owner: 'usr_ana' } as const;
/** Days until the sample agent is looked at again. */
export const reviewEveryDays = 90;

export const agent: NewAgent & { id: string } = {
  id: 'agt_invoices',
  name: 'Invoice agent',
  purpose: 'Reads approved vendor invoices, matches them with their purchase orders and pays them on time.',
  processId: 'prc_payables',
  ownerId: 'usr_ana',
  sponsorId: 'usr_liam',
  technicalOwnerId: 'usr_yusuf',
  successorIds: ['usr_nora', 'usr_mateo'],
  environment: 'production',
  riskCategory: 'minimal',
  autonomyFloor: 1,
  permissions: actionTypes.map(({ name }) => name),
  record: {
    uri: 'spiffe://example.com/agents/invoices',
    triggers: ['schedule:weekdays-07:00', 'email:invoices@example.com'],
    framework: 'LangGraph 1.0',
    model: { vendor: 'Example AI', name: 'example-large', version: '2026-09' },
    dataClasses: ['invoices', 'vendor-master'],
    links: {
      repository: 'https://git.example.com/finance/invoice-agent',
      runbook: 'https://wiki.example.com/finance/invoice-agent',
      dashboard: 'https://metrics.example.com/d/invoice-agent',
    },
    baseline: { callsPerDay: 400, typicalAmount: '1200', currency: 'USD' },
  },
};
