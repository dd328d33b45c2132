import { whileBeating } from '../beating.ts';
import type { FeedWaiter } from '../feed-waiter.ts';
import type { BackfillActivities } from './messages.ts';

export const backfillActivities = (waiter: FeedWaiter): BackfillActivities => ({
  readWindow: ({ id }) => whileBeating((signal) => waiter.readWindow(id, signal)),
  cancelBackfill: ({ id }) => waiter.cancel(id),
});
