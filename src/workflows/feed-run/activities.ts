import { whileBeating } from '../beating.ts';
import type { FeedWaiter } from '../feed-waiter.ts';
import type { FeedActivities } from './messages.ts';

export const feedActivities = (waiter: FeedWaiter): FeedActivities => ({
  readFeed: (input) => whileBeating((signal) => waiter.readFeed(input, signal)),
});
