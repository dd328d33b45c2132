import { createHash } from 'node:crypto';
import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { FEED_RUN, type FeedRunInput } from './feed-run/messages.ts';

/** A feed that is to be read at intervals. */
export interface WantedFeed extends FeedRunInput {
  readonly everyMs: number;
}

const LONGEST_JITTER_MS = 30_000;

/**
 * Brings Temporal's schedules in line with what is connected: one for each connection and feed. Safe to run at any time and by several at once;
 * where Temporal has lost them all, they are made again.
 */
export class FeedSchedules {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor({ client, taskQueue }: { readonly client: Client; readonly taskQueue: string }) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  async settle(wanted: readonly WantedFeed[]): Promise<void> {
    const missing = new Map(wanted.map((feed) => [this.#idOf(feed), feed]));
    for (const { id, everyMs } of await this.#known()) {
      const feed = missing.get(id);
      missing.delete(id);
      if (feed === undefined) await this.#remove(id);
      else if (feed.everyMs !== everyMs) await this.#change(id, feed);
    }
    for (const [id, feed] of missing) await this.#make(id, feed);
  }

  /** Of this deployment: its task queue tells it from others of the namespace. Temporal lists with some delay. */
  async #known(): Promise<readonly { readonly id: string; readonly everyMs: number | undefined }[]> {
    const known: { id: string; everyMs: number | undefined }[] = [];
    for await (const { scheduleId, spec } of this.#client.schedule.list())
      if (scheduleId.startsWith(this.#prefix)) known.push({ id: scheduleId, everyMs: spec?.intervals?.[0]?.every });
    return known;
  }

  async #make(id: string, feed: WantedFeed): Promise<void> {
    try {
      await this.#client.schedule.create({ scheduleId: id, ...this.#optionsOf(id, feed), state: { triggerImmediately: true } });
    } catch (fault) {
      if (!(fault instanceof ScheduleAlreadyRunning)) throw fault;
    }
  }

  async #change(id: string, feed: WantedFeed): Promise<void> {
    await this.#client.schedule.getHandle(id).update(({ state }) => ({ ...this.#optionsOf(id, feed), state }));
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.#client.schedule.getHandle(id).delete();
    } catch (fault) {
      if (!(fault instanceof ScheduleNotFoundError)) throw fault;
    }
  }

  #optionsOf(id: string, { connectionId, feed, everyMs }: WantedFeed): Omit<ScheduleOptions, 'scheduleId'> {
    const input: FeedRunInput = { connectionId, feed };
    return {
      // Each at a moment of its own within the interval, or all connections would be read at the full hour.
      spec: { intervals: [{ every: everyMs, offset: offsetOf(id, everyMs) }], jitter: Math.min(everyMs / 10, LONGEST_JITTER_MS) },
      // What was missed while Temporal was away is read by the next one.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: { type: 'startWorkflow', workflowType: FEED_RUN, workflowId: id, taskQueue: this.#taskQueue, args: [input] },
    };
  }

  get #prefix(): string {
    return `${this.#taskQueue}/feed/`;
  }

  #idOf({ connectionId, feed }: FeedRunInput): string {
    return `${this.#prefix}${connectionId}/${feed}`;
  }
}

/** Always the same for the same schedule; whole seconds, as Temporal wants it. */
function offsetOf(id: string, everyMs: number): number {
  const seconds = Math.max(1, Math.floor(everyMs / 1_000));
  return (createHash('sha256').update(id).digest().readUInt32BE() % seconds) * 1_000;
}
