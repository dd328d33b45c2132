import type { FeedHealth } from '../../src/domain/feed/feed.types.ts';
import type { ConnectorHub } from '../connectors/support/connector-hub.ts';
import type { ChaosStage, Staged } from './stage.ts';

interface Feeds {
  ask(connectionId: string, feed: string): Promise<void>;
  health(connectionIds: readonly string[]): Promise<readonly (readonly FeedHealth[])[]>;
}

const ROUNDS = 400;
/** So that limits of a call a second let page after page pass. */
const PAGE_MS = 15_000;

/** The part of the host that reads feeds; undefined in one that has none. */
export const feedsOf = ({ host }: ConnectorHub): Feeds | undefined => (host as unknown as { readonly feeds?: Feeds }).feeds;
export const hasSweep = ({ running }: ChaosStage, { platform }: Staged): boolean =>
  feedsOf(running) !== undefined && platform.feeds.length > 0;

/** Has all feeds read, as their schedules do. */
export async function askFeeds(stage: ChaosStage): Promise<void> {
  for (const one of stage.staged)
    if (hasSweep(stage, one)) for (const feed of one.platform.feeds) await feedsOf(stage.running)?.ask(one.connectionId, feed);
}

/** Asks, and waits until each was read to its end since. */
export async function sweep(stage: ChaosStage): Promise<void> {
  const { running, clock } = stage;
  const feeds = feedsOf(running);
  if (feeds === undefined) return;
  const askedAt = clock.now();
  const ids = stage.staged.filter((one) => hasSweep(stage, one)).map(({ connectionId }) => connectionId);
  const asked = new Set(stage.staged.flatMap(({ platform, connectionId }) => platform.feeds.map((feed) => `${connectionId} ${feed}`)));
  const isAsked = ({ connectionId, name }: FeedHealth): boolean => asked.has(`${connectionId} ${name}`);
  let open: readonly FeedHealth[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await askFeeds(stage);
    await running.host.drain();
    open = (await feeds.health(ids)).flat().filter((feed) => isAsked(feed) && !(Date.parse(feed.lastReadAt ?? '') >= askedAt));
    if (open.length === 0) return;
    clock.pass(PAGE_MS);
  }
  throw new Error(`Feeds were not read to their end: ${JSON.stringify(open)}`);
}
