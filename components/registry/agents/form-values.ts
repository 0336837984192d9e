import { z } from 'zod';
import { AgentFields, AgentId, type AgentFields as Fields } from '@/lib/registry/schema';

const text = z.string();
const lines = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const words = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== '');
const orNull = (value: string): string | null => (value === '' ? null : value);

/** What stands in the form: text as it was typed. Names are those of the record, so that whatever is wrong with a member is shown beside its field. */
const FormValues = z.object({
  id: text,
  name: text,
  purpose: text,
  processId: text,
  ownerId: text,
  sponsorId: text,
  technicalOwnerId: text,
  successorIds: z.array(text),
  environment: text,
  riskCategory: text,
  endsOn: text,
  nextReviewOn: text,
  autonomyFloor: text,
  permissions: z.array(text),
  record: z.object({
    uri: text,
    triggers: text,
    framework: text,
    model: z.object({ vendor: text, name: text, version: text }),
    dataClasses: text,
    links: z.object({ repository: text, runbook: text, dashboard: text }),
    a2aCard: text,
    mcpServers: text,
    baseline: z.object({ callsPerDay: text, typicalAmount: text, currency: text }),
  }),
});
export type FormValues = z.infer<typeof FormValues>;

const number = (value: string): number | null => (value.trim() === '' ? null : Number(value));

/** What is typed, as the record it would be; shapes are asked afterwards. */
function recordOf({ id, ownerId, ...values }: FormValues) {
  const { record } = values;
  return {
    ...values,
    ...(id.trim() === '' ? {} : { id: id.trim() }),
    ...(ownerId === '' ? {} : { ownerId }),
    sponsorId: orNull(values.sponsorId),
    technicalOwnerId: orNull(values.technicalOwnerId),
    successorIds: values.successorIds.filter((one) => one !== ''),
    endsOn: orNull(values.endsOn),
    nextReviewOn: orNull(values.nextReviewOn),
    autonomyFloor: Number(values.autonomyFloor),
    record: {
      ...record,
      triggers: lines(record.triggers),
      dataClasses: words(record.dataClasses),
      mcpServers: lines(record.mcpServers),
      baseline: {
        callsPerDay: number(record.baseline.callsPerDay),
        typicalAmount: record.baseline.typicalAmount.trim(),
        currency: record.baseline.currency.trim().toUpperCase(),
      },
    },
  };
}

const NewRecord = AgentFields.extend({ id: AgentId.optional(), ownerId: AgentFields.shape.ownerId.optional() });

// What was typed may be any text; the shape behind the pipe is what asks whether it is one of those it may be.
const asTyped = (values: FormValues) => recordOf(values) as z.input<typeof NewRecord>;
const asEdited = (values: FormValues) => ({ ...recordOf(values), ownerId: values.ownerId }) as z.input<typeof AgentFields>;

/** NewForm is the form of an agent to register; without an owner it is its process's. */
export const NewForm = FormValues.transform(asTyped).pipe(NewRecord);
/** EditForm is the form of a record that is there. */
export const EditForm = FormValues.transform(asEdited).pipe(AgentFields);
export type FormBody = z.output<typeof NewForm>;

export const emptyForm: FormValues = {
  id: '',
  name: '',
  purpose: '',
  processId: '',
  ownerId: '',
  sponsorId: '',
  technicalOwnerId: '',
  successorIds: [],
  environment: 'production',
  riskCategory: 'unassessed',
  endsOn: '',
  nextReviewOn: '',
  autonomyFloor: '2',
  permissions: [],
  record: {
    uri: '',
    triggers: '',
    framework: '',
    model: { vendor: '', name: '', version: '' },
    dataClasses: '',
    links: { repository: '', runbook: '', dashboard: '' },
    a2aCard: '',
    mcpServers: '',
    baseline: { callsPerDay: '', typicalAmount: '', currency: '' },
  },
};

/** valuesOf writes a record into the form. */
export function valuesOf(agent: Fields & { id: string }): FormValues {
  const { record } = agent;
  return {
    id: agent.id,
    name: agent.name,
    purpose: agent.purpose,
    processId: agent.processId,
    ownerId: agent.ownerId,
    sponsorId: agent.sponsorId ?? '',
    technicalOwnerId: agent.technicalOwnerId ?? '',
    successorIds: agent.successorIds,
    environment: agent.environment,
    riskCategory: agent.riskCategory,
    endsOn: agent.endsOn ?? '',
    nextReviewOn: agent.nextReviewOn ?? '',
    autonomyFloor: String(agent.autonomyFloor),
    permissions: agent.permissions,
    record: {
      ...record,
      triggers: record.triggers.join('\n'),
      dataClasses: record.dataClasses.join(', '),
      mcpServers: record.mcpServers.join('\n'),
      baseline: {
        callsPerDay: record.baseline.callsPerDay === null ? '' : String(record.baseline.callsPerDay),
        typicalAmount: record.baseline.typicalAmount,
        currency: record.baseline.currency,
      },
    },
  };
}
