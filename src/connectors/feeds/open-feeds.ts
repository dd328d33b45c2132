import { FeedReader } from './feed-reader.ts';
import { FeedWorker, type FeedWorkerOptions } from './feed-worker.ts';
import { ReadingStore } from './reading-store.ts';
import type { ReadingMeans } from './sitting.ts';

export type FeedMeans = Omit<FeedWorkerOptions, 'store' | 'reader'> & Omit<ReadingMeans, 'store'>;

/** What reads feeds in this process. `leave`: the process ends, and what is being read is left after its page. */
export function openFeeds(means: FeedMeans): Pick<FeedWorker, 'loop'> & { leave(): void } {
  const store = new ReadingStore(means.pool);
  const reader = new FeedReader({ ...means, store });
  const { loop } = new FeedWorker({ ...means, store, reader });
  return { loop, leave: () => reader.leave() };
}
