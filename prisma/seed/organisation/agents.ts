import type { NewAgent } from '@/lib/registry/schema';
import * as small from '../sample';
import { amount, count, type Field } from './fields';
import type { PersonKey } from './people';

/** Work is one kind of task an agent has: its steps, how many come on a working day, and how many at once. */
export type Work = {
  task: string;
  steps: readonly [string, ...string[]];
  perDay: number;
  atOnce?: number;
  /** Runs at night and at weekends as well. */
  always?: true;
  over?: Readonly<Record<string, Field>>;
};

export type Cadre = { builder: PersonKey; reviewer: PersonKey };
export type SampleAgent = {
  agent: NewAgent & { id: string };
  cadre: Cadre;
  /** Days before the end of the history on which it was registered. */
  since: number;
  /** Days a secret lives, and days after which it is replaced; 0: never. */
  credential: { days: number; rotatedAfter: number };
  work: readonly Work[];
  /** Days before the end after which it is silent. */
  until?: number;
  /** Share of its allowed actions it never tells the end of, and of those it cannot tell. */
  reports?: { missing: number; ambiguous: number };
};

type Model = 'large' | 'small' | 'open';
const models: Record<Model, { vendor: string; name: string; version: string }> = {
  large: { vendor: 'Example AI', name: 'example-large', version: '2026-09' },
  small: { vendor: 'Example AI', name: 'example-small', version: '2026-06' },
  open: { vendor: 'Open Weights', name: 'gale-34b', version: '1.2' },
};
/** What an agent says its model is, as `context.model` has it. */
export const modelName = ({ record }: Pick<NewAgent, 'record'>): string => `${record?.model?.name}@${record?.model?.version}`;

type Row = {
  purpose: string;
  work: readonly Work[];
  floor?: 1 | 2 | 3;
  model?: Model;
  risk?: NonNullable<NewAgent['riskCategory']>;
  since?: number;
  more?: Partial<Omit<SampleAgent, 'agent' | 'cadre'>>;
  also?: readonly string[];
};

type House = { process: string; owner: PersonKey; sponsor: PersonKey; runs: PersonKey; successors: readonly PersonKey[]; cadre: Cadre };

const usr = (key: PersonKey): string => `usr_${key}`;

function agentOf(house: House, key: string, name: string, row: Row): SampleAgent {
  const actions = row.work.flatMap(({ steps }) => steps);
  return {
    agent: {
      id: `agt_${key}`,
      name,
      purpose: row.purpose,
      processId: house.process,
      ownerId: usr(house.owner),
      sponsorId: usr(house.sponsor),
      technicalOwnerId: usr(house.runs),
      successorIds: house.successors.map(usr),
      riskCategory: row.risk ?? 'minimal',
      autonomyFloor: row.floor ?? 1,
      permissions: [...new Set([...actions, ...(row.also ?? [])])],
      record: {
        uri: `spiffe://example.com/agents/${key}`,
        triggers: row.work.map(({ task: queue }) => `queue:${queue}`),
        framework: row.model === 'open' ? 'House runner 3' : 'LangGraph 1.0',
        model: models[row.model ?? 'large'],
        links: { repository: `https://git.example.com/agents/${key}`, runbook: `https://wiki.example.com/agents/${key}` },
      },
    },
    cadre: house.cadre,
    since: row.since ?? 90,
    credential: { days: 90, rotatedAfter: 62 },
    work: row.work,
    ...row.more,
  };
}

const task = (name: string, steps: Work['steps'], perDay: number, rest: Partial<Work> = {}): Work => ({
  task: name,
  steps,
  perDay,
  ...rest,
});

const payables: House = {
  process: 'prc_payables',
  owner: 'ana',
  sponsor: 'liam',
  runs: 'yusuf',
  successors: ['nora', 'mateo'],
  cadre: { builder: 'emma', reviewer: 'sofia' },
};
const service: House = {
  process: 'prc_service',
  owner: 'ines',
  sponsor: 'mateo',
  runs: 'kofi',
  successors: ['marta'],
  cadre: { builder: 'mei', reviewer: 'chloe' },
};
const procurement: House = {
  process: 'prc_procurement',
  owner: 'nora',
  sponsor: 'liam',
  runs: 'yusuf',
  successors: ['ana'],
  cadre: { builder: 'kofi', reviewer: 'hana' },
};
const hr: House = {
  process: 'prc_people',
  owner: 'jonas',
  sponsor: 'helena',
  runs: 'mei',
  successors: ['aisha'],
  cadre: { builder: 'yusuf', reviewer: 'tomas' },
};
const sales: House = {
  process: 'prc_sales',
  owner: 'marta',
  sponsor: 'mateo',
  runs: 'kofi',
  successors: ['ines'],
  cadre: { builder: 'emma', reviewer: 'chloe' },
};
/** What David began in sales goes to whom he named. */
const mailings: House = { ...sales, owner: 'david', successors: ['ines'] };
/** David owned this project's process alone, and nobody was named to follow him. */
const campaigns: House = {
  process: 'prc_campaigns',
  owner: 'david',
  sponsor: 'mateo',
  runs: 'kofi',
  successors: [],
  cadre: { builder: 'emma', reviewer: 'chloe' },
};
const operations: House = {
  process: 'prc_operations',
  owner: 'viktor',
  sponsor: 'helena',
  runs: 'mei',
  successors: ['pedro'],
  cadre: { builder: 'kofi', reviewer: 'sofia' },
};
const contracts: House = {
  process: 'prc_contracts',
  owner: 'aisha',
  sponsor: 'helena',
  runs: 'emma',
  successors: ['jonas'],
  cadre: { builder: 'mei', reviewer: 'raj' },
};
const logistics: House = {
  process: 'prc_logistics',
  owner: 'pedro',
  sponsor: 'liam',
  runs: 'yusuf',
  successors: ['viktor'],
  cadre: { builder: 'emma', reviewer: 'hana' },
};

const largePayments = { amount: amount(900, 60_000) };

/** The agents, most of them as they should be. The sample agent of the small sample is one of them. */
export const agents: readonly SampleAgent[] = [
  {
    agent: small.agent,
    cadre: { builder: 'emma', reviewer: 'sofia' },
    since: 90,
    credential: { days: 90, rotatedAfter: 60 },
    work: [
      task('invoices', ['invoices.read', 'payments.schedule'], 8, { atOnce: 4 }),
      task('large-invoices', ['invoices.read', 'payments.schedule'], 1, { over: largePayments }),
    ],
  },
  agentOf(payables, 'invoice_matcher', 'Invoice matcher', {
    purpose: 'Matches incoming invoices with their purchase orders.',
    work: [task('matching', ['invoices.read', 'invoices.match'], 6, { atOnce: 3 })],
    model: 'small',
  }),
  agentOf(payables, 'vendor_keeper', 'Vendor keeper', {
    purpose: 'Keeps the vendor master current from what vendors send.',
    work: [task('vendor-mail', ['vendors.update'], 3)],
    floor: 2,
    also: ['invoices.read', 'payments.schedule'],
  }),
  agentOf(payables, 'month_end', 'Month-end poster', {
    purpose: 'Prepares the postings of the month-end close for the accountants.',
    work: [task('accruals', ['journals.post'], 0.6)],
    floor: 2,
  }),
  agentOf(payables, 'urgent_payer', 'Urgent payer', {
    purpose: 'Pays at once what would otherwise be late, after a person has said so.',
    work: [task('urgent', ['invoices.read', 'payments.execute'], 0.5)],
    floor: 2,
    since: 64,
  }),
  agentOf(service, 'ticket_triage', 'Ticket triage', {
    purpose: 'Reads new tickets and closes those that need nobody.',
    work: [task('triage', ['tickets.read', 'tickets.close'], 9, { atOnce: 3, always: true })],
    model: 'small',
  }),
  agentOf(service, 'reply_writer', 'Reply writer', {
    purpose: 'Answers the common questions from approved templates.',
    work: [task('replies', ['tickets.read', 'tickets.reply'], 7, { atOnce: 2, always: true })],
  }),
  agentOf(service, 'rebooking', 'Rebooking agent', {
    purpose: 'Moves bookings after cancelled flights to the next one.',
    work: [task('rebooking', ['bookings.change'], 7, { atOnce: 4, always: true })],
  }),
  agentOf(service, 'refunds', 'Refund agent', {
    purpose: 'Pays refunds that the fare rules grant.',
    work: [
      task('refunds', ['tickets.read', 'refunds.issue'], 5, { atOnce: 2, always: true }),
      task('group-refunds', ['refunds.issue'], 0.6, { over: { amount: amount(1_500, 9_000) } }),
    ],
    risk: 'limited',
  }),
  agentOf(service, 'baggage', 'Baggage tracer', {
    purpose: 'Follows lost baggage and tells its owner.',
    work: [task('baggage', ['tickets.read', 'tickets.reply'], 3, { always: true })],
    since: 51,
    model: 'small',
  }),
  agentOf(service, 'voice_of_customer', 'Voice of the customer', {
    purpose: 'Reads closed tickets and sums up what customers complain about.',
    work: [task('summaries', ['tickets.read'], 4, { atOnce: 4 })],
    model: 'open',
  }),
  agentOf(procurement, 'buyer', 'Indirect buyer', {
    purpose: 'Orders what the catalogue holds, within budgets.',
    work: [task('orders', ['orders.read', 'orders.create'], 5)],
  }),
  agentOf(procurement, 'quote_collector', 'Quote collector', {
    purpose: 'Asks three vendors for a quote when something is not in the catalogue.',
    work: [task('quotes', ['quotes.request'], 3, { atOnce: 3 })],
  }),
  agentOf(procurement, 'order_follower', 'Order follower', {
    purpose: 'Follows open orders until they arrive.',
    work: [task('open-orders', ['orders.read'], 6, { atOnce: 3 })],
    model: 'small',
  }),
  agentOf(procurement, 'spend_analyst', 'Spend analyst', {
    purpose: 'Finds orders that were split to stay under a limit.',
    work: [task('spend', ['orders.read', 'invoices.read'], 2)],
    model: 'open',
    since: 77,
  }),
  agentOf(hr, 'leave_clerk', 'Leave clerk', {
    purpose: 'Records leave that managers have granted.',
    work: [task('leave', ['employees.read', 'leave.record'], 5)],
  }),
  agentOf(hr, 'screening', 'Application screening', {
    purpose: 'Puts applications in an order for recruiters, who decide.',
    work: [task('screening', ['applications.read', 'candidates.rank'], 1.6)],
    risk: 'high',
    floor: 2,
    more: { reports: { missing: 0.3, ambiguous: 0.04 } },
  }),
  agentOf(hr, 'onboarding', 'Onboarding helper', {
    purpose: 'Prepares records and accounts of people who begin.',
    work: [task('onboarding', ['employees.read'], 2)],
    model: 'small',
  }),
  agentOf(hr, 'policy_answers', 'HR answers', {
    purpose: 'Answers employees what the handbook says.',
    work: [task('questions', ['employees.read'], 4, { atOnce: 2 })],
    since: 44,
    risk: 'limited',
    more: { reports: { missing: 0.12, ambiguous: 0 } },
  }),
  agentOf(sales, 'lead_research', 'Lead research', {
    purpose: 'Completes contacts from public sources.',
    work: [task('research', ['contacts.read', 'contacts.update'], 4)],
    also: ['deals.update'],
  }),
  agentOf(sales, 'deal_keeper', 'Deal keeper', {
    purpose: 'Keeps the steps of deals as the mails say.',
    work: [task('deals', ['deals.update'], 7, { atOnce: 3 })],
  }),
  agentOf(mailings, 'newsletter', 'Newsletter agent', {
    purpose: 'Sends the newsletter to those who asked for it.',
    work: [task('newsletter', ['campaigns.send'], 0.4)],
    floor: 2,
  }),
  agentOf(sales, 'contact_cleaner', 'Contact cleaner', {
    purpose: 'Removes what is double or dead from the contacts.',
    work: [task('cleaning', ['contacts.read', 'contacts.update'], 1.2, { over: { count: count(3, 700) } })],
    floor: 2,
    since: 58,
  }),
  agentOf(sales, 'meeting_notes', 'Meeting notes', {
    purpose: 'Writes notes of sales meetings into the deals.',
    work: [task('notes', ['deals.update'], 4, { atOnce: 2 })],
    model: 'small',
  }),
  agentOf(operations, 'watcher', 'Night watcher', {
    purpose: 'Looks at alerts and restarts what is known to hang.',
    work: [task('alerts', ['hosts.read', 'alerts.acknowledge'], 8, { atOnce: 4, always: true })],
    also: ['services.restart'],
  }),
  agentOf(operations, 'restarter', 'Restarter', {
    purpose: 'Restarts services by the runbook.',
    work: [task('restarts', ['hosts.read', 'services.restart'], 3, { always: true })],
  }),
  agentOf(operations, 'capacity', 'Capacity planner', {
    purpose: 'Says when hosts run full.',
    work: [task('capacity', ['hosts.read'], 6, { atOnce: 6 })],
    model: 'open',
  }),
  agentOf(operations, 'configurator', 'Configurator', {
    purpose: 'Brings configuration back to what was agreed.',
    work: [task('drift', ['hosts.read'], 3), task('changes', ['configuration.change'], 0.25)],
    floor: 2,
  }),
  agentOf(operations, 'patcher', 'Patch scheduler', {
    purpose: 'Plans restarts for patches outside office hours.',
    work: [task('patches', ['hosts.read', 'services.restart'], 2, { atOnce: 2, always: true })],
    since: 33,
    model: 'small',
  }),
  agentOf(contracts, 'drafter', 'Contract drafter', {
    purpose: 'Drafts amendments and renewals from agreed clauses.',
    work: [task('drafts', ['contracts.read', 'contracts.draft'], 4)],
  }),
  agentOf(contracts, 'sender', 'Contract sender', {
    purpose: 'Sends signed contracts to the other side.',
    work: [task('sending', ['contracts.read', 'contracts.send'], 0.9)],
    floor: 2,
  }),
  agentOf(contracts, 'obligations', 'Obligation watch', {
    purpose: 'Reads contracts for dates and duties that come up.',
    work: [task('obligations', ['contracts.read'], 6, { atOnce: 3 })],
    model: 'open',
  }),
  agentOf(contracts, 'clause_search', 'Clause search', {
    purpose: 'Finds clauses for the lawyers.',
    work: [task('searches', ['contracts.read'], 4, { atOnce: 2 })],
    since: 70,
    model: 'small',
    more: { until: 9 },
  }),
  agentOf(logistics, 'dispatcher', 'Dispatcher', {
    purpose: 'Books freight for orders that are ready.',
    work: [task('dispatch', ['shipments.read', 'shipments.book'], 5)],
  }),
  agentOf(logistics, 'tracker', 'Shipment tracker', {
    purpose: 'Follows shipments and reroutes those that would be late.',
    work: [task('tracking', ['shipments.read', 'shipments.reroute'], 5, { atOnce: 2, always: true })],
  }),
  agentOf(logistics, 'customs', 'Customs clerk', {
    purpose: 'Prepares customs declarations for the declarant.',
    work: [task('customs', ['shipments.read'], 2), task('declarations', ['customs.declare'], 0.2)],
    floor: 2,
  }),
  agentOf(logistics, 'carrier_scores', 'Carrier scores', {
    purpose: 'Scores carriers by how often they are late.',
    work: [task('scores', ['shipments.read'], 4, { atOnce: 4 })],
    model: 'open',
    more: { until: 12 },
  }),
];

/** It was built to complete contacts; lately it also tries to export them and to read employees, on another model than its record says. */
export const creeping: SampleAgent = agentOf(sales, 'enrichment', 'Contact enrichment', {
  purpose: 'Completes contacts of the CRM with what companies publish about themselves.',
  work: [task('enrichment', ['contacts.read', 'contacts.update'], 3)],
  since: 86,
});
/** From this many days before the end on it asks for what it was never given. */
export const creep = {
  since: 21,
  model: 'gale-70b@0.9',
  steps: ['contacts.export', 'employees.read'] as const,
  perDay: 0.9,
};

/** Its project ended, it has been silent for weeks, its owner has left with nobody named to follow, and its secret lives on. */
export const abandoned: SampleAgent = agentOf(campaigns, 'spring_campaign', 'Spring campaign', {
  purpose: 'Sends the reminders of the spring campaign.',
  work: [task('reminders', ['contacts.read', 'campaigns.send'], 0.5), task('segments', ['contacts.read'], 3)],
  model: 'small',
  since: 92,
  more: { credential: { days: 365, rotatedAfter: 0 }, until: 47 },
});
/** Days before the end: when its project was over, and when its owner left. */
export const abandonment = { endsOn: 40, ownerLeft: 6 };

/** An agent that nobody has let act yet: it waits for a review. */
export const waiting: SampleAgent = agentOf(logistics, 'dock_planner', 'Dock planner', {
  purpose: 'Plans which lorry comes to which dock.',
  work: [task('docks', ['shipments.read'], 3)],
  since: 5,
});
