import { listMyFindings } from '@/lib/findings/reading';
import { listAilingJobs } from '@/lib/jobs/reading';
import { listMyChangeRequests, listMySuccessions, openOrphans } from '@/lib/lifecycle/reading';
import { listMyReviewItems } from '@/lib/reviews/reading';
import { listApprovals, listHaltedWorkflows } from '@/lib/check/reading';
import { listToSign } from '@/lib/containment/reading';
import { readOutcomes } from '@/lib/outcomes/reading';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { createLog } from '@/lib/platform/log';
import { listPolicies } from '@/lib/policy/reading';
import { listAgentsToMove } from './store';
import { mattersShownMax, sectionIds, type Matter, type Section, type SectionId } from './schema';

type Waiting = { total: number; matters: Matter[] };
/** undefined: this is not for them. */
type Reader = (person: User) => Promise<Waiting> | undefined;

const byId: Record<SectionId, Reader> = {
  halts: (person) => (may(person, 'workflow:release') ? readHalts(person) : undefined),
  releases: (person) => (may(person, 'workflow:release') ? readReleases(person) : undefined),
  approvals: (person) => (may(person, 'approvals:decide') ? readApprovals(person) : undefined),
  outcomes: (person) => (may(person, 'outcomes:settle') ? readDoubts(person) : undefined),
  policies: (person) => (may(person, 'policy:publish') ? readPolicies(person) : undefined),
  agents: (person) =>
    may(person, 'agents:review') || may(person, 'agents:activate') || may(person, 'agents:register') ? readAgents(person) : undefined,
  orphans: (person) =>
    may(person, 'agents:reassign') || may(person, 'agents:activate') ? waitingSoon(openOrphans(person, mattersShownMax)) : undefined,
  changes: (person) =>
    may(person, 'changes:decide') || may(person, 'changes:request')
      ? waitingSince(listMyChangeRequests(person, mattersShownMax))
      : undefined,
  inherited: (person) =>
    may(person, 'agents:activate') || may(person, 'agents:register') ? waitingSince(listMySuccessions(person, mattersShownMax)) : undefined,
  reviews: (person) => (may(person, 'reviews:read') ? waitingSoon(listMyReviewItems(person, mattersShownMax)) : undefined),
  findings: (person) => (may(person, 'findings:read') ? readFindings(person) : undefined),
  jobs: (person) => (may(person, 'jobs:manage') ? waitingSince(listAilingJobs(mattersShownMax)) : undefined),
};

type Listed<When> = { items: ({ id: string; title: string; href: string } & When)[]; total: number };
const matterOf = ({ id, title, href }: { id: string; title: string; href: string }, when: Matter['when']): Matter => ({
  id,
  title,
  href,
  note: null,
  when,
  hostile: false,
});

/** What waits since an instant. */
async function waitingSince(listed: Promise<Listed<{ at: string }>>): Promise<Waiting> {
  const { items, total } = await listed;
  return { total, matters: items.map((item) => matterOf(item, { kind: 'since', at: item.at })) };
}

/** What is due by a day. */
async function waitingSoon(listed: Promise<Listed<{ dueOn: string }>>): Promise<Waiting> {
  const { items, total } = await listed;
  return { total, matters: items.map((item) => matterOf(item, { kind: 'due', day: item.dueOn.slice(0, 10) })) };
}

/**
 * readHome gives what waits for a person, section by section in the order of `sectionIds`, and only those that are theirs to act in. A section that
 * cannot be read is there, and says so.
 */
export async function readHome(person: User): Promise<Section[]> {
  const sections = await Promise.all(sectionIds.map((id) => readSection(id, byId[id](person))));
  return sections.filter((section) => section !== undefined);
}

async function readSection(id: SectionId, reading: Promise<Waiting> | undefined): Promise<Section | undefined> {
  if (!reading) return undefined;
  try {
    const { total, matters } = await reading;
    return { id, total, matters: matters.slice(0, mattersShownMax), unread: false };
  } catch (error) {
    createLog('web').error(
      { section: id, err: error instanceof Error ? error.message : String(error) },
      'a section of Home cannot be read',
    );
    return { id, total: 0, matters: [], unread: true };
  }
}

/** A finding's sentence can hold the name that a stranger gave themselves. */
async function readFindings(person: User): Promise<Waiting> {
  const { total, matters } = await waitingSince(listMyFindings(person, mattersShownMax));
  return { total, matters: matters.map((matter) => ({ ...matter, hostile: true })) };
}

async function readHalts(person: User): Promise<Waiting> {
  const { halts, inForce } = await listHaltedWorkflows(person, { show: 'in_force' });
  return {
    total: inForce,
    matters: halts.map((halt) => ({
      id: halt.decisionId,
      title: halt.sentence,
      note: `${halt.agent.name}${halt.heldBack === 0 ? '' : ` · ${halt.heldBack} held back since`}`,
      href: `/approvals/decisions/${halt.decisionId}`,
      when: { kind: 'since', at: halt.haltedAt },
      hostile: true,
    })),
  };
}

/** Halted actions that somebody asked to let happen once, for which this person's is the second signature. */
async function readReleases(person: User): Promise<Waiting> {
  const waiting = await listToSign(person);
  return {
    total: waiting.length,
    matters: waiting.map(({ id, decisionId, action, askedBy, askedAt }) => ({
      id,
      title: action,
      note: `${askedBy} asks that it happens once; it takes you as the second person`,
      href: `/approvals/decisions/${decisionId}`,
      when: { kind: 'since', at: askedAt.toISOString() },
      hostile: true,
    })),
  };
}

async function readApprovals(person: User): Promise<Waiting> {
  const { items, counts } = await listApprovals(person, { tab: 'mine' });
  return {
    total: counts.mine,
    matters: items.map((item) => ({
      id: item.id,
      title: item.sentence,
      note: `${item.agent.name} · Tier ${item.tier}`,
      href: `/approvals/${item.id}`,
      when: { kind: 'until', at: item.expiresAt },
      hostile: true,
    })),
  };
}

async function readDoubts(person: User): Promise<Waiting> {
  const { items, counts } = await readOutcomes(person, { list: 'ambiguous', range: 'month' });
  const mine = items.filter((item) => item.mine);
  return {
    total: ownProcessOnly(person, 'outcomes:settle') ? mine.length : counts.ambiguous,
    matters: mine.map((item) => ({
      id: item.decision,
      title: item.sentence,
      note: `${item.agent.name} could not tell whether it worked`,
      href: `/ledger/${item.decision}`,
      when: { kind: 'since', at: item.at },
      hostile: true,
    })),
  };
}

async function readPolicies(person: User): Promise<Waiting> {
  const mine = (await listPolicies(person)).filter(({ step }) => step === 'sign');
  return {
    total: mine.length,
    matters: mine.map(({ id, name }) => ({
      id,
      title: name,
      note: 'A draft that others wrote',
      href: `/policy/${id}/draft`,
      when: null,
      hostile: false,
    })),
  };
}

const agentNotes: Record<string, string> = {
  draft: 'Yours, not handed in yet',
  rejected: 'Yours, sent back: see why on its page',
  in_review: 'To review: others wrote its record',
  approved: 'Reviewed: to activate, or to see what is missing',
};

async function readAgents(person: User): Promise<Waiting> {
  const rows = await listAgentsToMove({
    person: person.personId,
    review: may(person, 'agents:review') ? (ownProcessOnly(person, 'agents:review') ? 'own' : 'all') : 'none',
    activate: may(person, 'agents:activate') ? (ownProcessOnly(person, 'agents:activate') ? 'own' : 'all') : 'none',
    register: may(person, 'agents:register'),
    limit: mattersShownMax,
  });
  return {
    total: rows[0]?.total ?? 0,
    matters: rows.map(({ id, name, status, since }) => ({
      id,
      title: name,
      note: agentNotes[status] ?? null,
      href: `/registry/agents/${id}`,
      when: { kind: 'since', at: since.toISOString() },
      hostile: false,
    })),
  };
}
