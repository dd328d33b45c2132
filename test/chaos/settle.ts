import type { NoticeRecord } from '../../src/domain/connection/traffic.types.ts';
import { ADMIN, rowsOf } from '../connectors/support/connector-hub.ts';
import type { ChaosStage, Staged } from './stage.ts';
import { sweep } from './sweeps.ts';

const ELEVEN_MINUTES = 11 * 60_000;
/** Twice as long as the host goes on trying by itself. */
const PATIENCE_ROUNDS = 300;

/** The platforms are well again: the hub goes on by itself as far as it can, an operator has the rest worked again, the feeds are read once more. */
export async function settle(stage: ChaosStage): Promise<Readonly<Record<string, number>>> {
  for (const { api } of stage.staged) api.calm(true);
  const parked: Record<string, number> = {};
  await untilQuiet(stage);
  for (const one of stage.staged) await operatorActs(stage, one, parked);
  await untilQuiet(stage);
  // What a person mended is tested, and what waited for them waits no longer.
  for (const { connectionId } of stage.staged) await stage.running.host.desk.update(ADMIN, connectionId, {});
  await sweep(stage);
  await untilQuiet(stage);
  return parked;
}

async function untilQuiet(stage: ChaosStage): Promise<void> {
  const { running, clock } = stage;
  for (let round = 0; round < PATIENCE_ROUNDS; round += 1) {
    await running.host.drain();
    const [row] = await rowsOf<{ n: number }>(running.hub, `select count(*)::int as n from notice where state in ('PENDING', 'RUNNING')`);
    if (row?.n === 0) return;
    clock.pass(ELEVEN_MINUTES);
  }
}

type Parked = Record<string, number>;

/** Looks through what is parked of a connection, which must say why, and has it worked again. */
async function operatorActs({ running }: ChaosStage, { connectionId, platform }: Staged, parked: Parked): Promise<void> {
  const { traffic, desk } = running.host;
  const seen: string[] = [];
  for (let after: string | null = null, isMore = true; isMore; ) {
    const filter = { states: ['PARKED', 'UNCLAIMED'] } as const;
    const page = await traffic.deliveries(ADMIN, { connectionId }, filter, { first: 100, ...(after === null ? {} : { after }) });
    for (const { node } of page.edges) {
      seen.push(node.id);
      for (const notice of node.notices) count(platform.id, notice, parked);
    }
    after = page.pageInfo.endCursor ?? null;
    isMore = page.pageInfo.hasNextPage;
  }
  if (seen.length > 0 && ((await desk.connection(connectionId))?.lastError ?? null) === null)
    throw new Error(`Notices of ${platform.id} are parked, and nobody was told.`);
  for (const id of seen) await traffic.reprocess(ADMIN, id);
}

function count(platform: string, { state, reason, lastError }: NoticeRecord, parked: Parked): void {
  if (state !== 'PARKED' && state !== 'UNCLAIMED') return;
  if (lastError === null) throw new Error(`A notice of ${platform} is parked (${reason}) and says nothing of why.`);
  const words = `${platform}: ${lastError.replaceAll(/\d{3,}/g, '#').slice(0, 90)}`;
  parked[words] = (parked[words] ?? 0) + 1;
}
