import type { NewUser } from '@/lib/people/schema';
import type { Classification, NewActionType, NewAgent, NewProcess, NewSystem } from '@/lib/registry/schema';

/** The sample organisation: six people with different duties, one process, one system, one agent that pays invoices. Ids are fixed, so that examples can name them. */
export const people = [
  { id: 'usr_ana', personId: 'per_ana', email: 'ana@example.com', name: 'Ana Meyer', roles: ['process_owner'] },
  { id: 'usr_liam', personId: 'per_liam', email: 'liam@example.com', name: 'Liam Chen', roles: ['leader'] },
  { id: 'usr_sofia', personId: 'per_sofia', email: 'sofia@example.com', name: 'Sofia Rossi', roles: ['security'] },
  { id: 'usr_raj', personId: 'per_raj', email: 'raj@example.com', name: 'Raj Patel', roles: ['admin', 'risk'] },
  { id: 'usr_emma', personId: 'per_emma', email: 'emma@example.com', name: 'Emma Novak', roles: ['engineer'] },
  { id: 'usr_omar', personId: 'per_omar', email: 'omar@example.com', name: 'Omar Haddad', roles: ['auditor'] },
] as const satisfies readonly (Omit<NewUser, 'password' | 'roles'> & { roles: readonly NewUser['roles'][number][] })[];

/** Who the start script tells you to sign in as: she decides what the sample agent asks. */
export const firstSignIn = people[0].email;

export const system: NewSystem = { id: 'sys_erp', name: 'ERP' };
export const businessProcess: NewProcess = { id: 'prc_payables', name: 'Accounts payable', ownerId: 'usr_ana' };

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

export const agent: NewAgent & { id: string } = {
  id: 'agt_invoices',
  name: 'Invoice agent',
  purpose: 'Reads approved vendor invoices, matches them with their purchase orders and pays them on time.',
  processId: 'prc_payables',
  autonomyFloor: 1,
  permissions: actionTypes.map(({ name }) => name),
};
