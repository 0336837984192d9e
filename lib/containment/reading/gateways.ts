import { prisma } from '@/lib/platform/db/prisma';
import { aliveMs, type ChangeReach, type GatewayPage, type GatewayView } from '../schema';
import { listGateways, reachOfChange } from '../service';
import { findHeadEpoch, listChanges, listSubjectNames } from '../store/reading';
import { viewOfReach } from './reach';

/** Gateways that went silent are shown this long. */
const silentShownMs = 24 * 3_600_000;
/** Kinds that take something away from an agent at once, beside stops. */
const kinds = ['agent.suspended', 'agent.decommissioned', 'credential.revoked', 'user.deactivated', 'policy.published', 'policy.retired'];
/** Changes shown. */
const changesMax = 20;

/** readGateways tells which gateways live, by which rules each decides, and how fast the latest changes reached them. */
export async function readGateways(now: Date): Promise<GatewayPage> {
  const [gateways, epoch, changes] = await Promise.all([
    listGateways(new Date(now.getTime() - silentShownMs)),
    findHeadEpoch(prisma()),
    readReaches(changesMax),
  ]);
  const view = (gateway: (typeof gateways)[number]): GatewayView => ({
    id: gateway.id,
    name: gateway.name,
    startedAt: gateway.startedAt.toISOString(),
    seenAt: gateway.seenAt.toISOString(),
    alive: now.getTime() - gateway.seenAt.getTime() <= aliveMs,
    epoch: Number(gateway.epoch),
    current: gateway.epoch >= epoch,
    locked: gateway.locked,
  });
  // One that said goodbye is not missed.
  return {
    gateways: gateways.filter(({ stoppedAt }) => stoppedAt === null).map(view),
    epoch: Number(epoch),
    // What was changed while no gateway lived says nothing about how fast they are.
    changes: changes.filter(({ reach }) => reach.gateways.length > 0),
  };
}

/** readReaches gives the latest suspensions, revocations, deactivations and policy changes with how far each came, newest first. */
export async function readReaches(limit: number): Promise<ChangeReach[]> {
  const changes = await listChanges(prisma(), kinds, limit);
  const names = await listSubjectNames(
    prisma(),
    changes.map(({ subject }) => subject),
  );
  return Promise.all(
    changes.map(async ({ seq, kind, subject, at }) => ({
      seq: seq.toString(),
      kind,
      subject: { id: subject, name: names.get(subject) ?? subject },
      reach: viewOfReach(await reachOfChange({ epoch: seq, at })),
    })),
  );
}
