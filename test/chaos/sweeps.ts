import type { ChaosStage, Staged } from './stage.ts';

type Feeds = { ask(connectionId: string, feed: string): Promise<void> };
/** The part of the host that reads feeds. */
export const feedsOf = ({ running }: ChaosStage): Feeds | undefined => (running.host as unknown as { readonly feeds?: Feeds }).feeds;
export const hasSweep = (stage: ChaosStage, { platform }: Staged): boolean => feedsOf(stage) !== undefined && platform.feeds.length > 0;
