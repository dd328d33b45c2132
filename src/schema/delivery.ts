import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { Rendering } from './renderings.ts';

/** What may wait in a subscriber's socket before it is let be until it has taken some. */
const HIGH_WATER_BYTES = 1_048_576;
/** With many subscribers, events are gathered a little, so that a subscriber costs a write now and then and not one an event. */
const SUBSCRIBERS_PER_MS = 20;
const LONGEST_PAUSE_MS = 50;

export interface Line {
  readonly socket: WebSocket;
  /** The socket under it: frames are written to it whole, many at a time. */
  readonly raw: Duplex;
}

/** All deliveries of this process. */
export class Crowd {
  size = 0;
  #beat: Promise<void> | null = null;

  /** The next beat, the same for all who wait for it: those who take events together take the same ones, and share their frames. null: no need to wait. */
  beat(): Promise<void> | null {
    const wait = Math.min(LONGEST_PAUSE_MS, Math.floor(this.size / SUBSCRIBERS_PER_MS));
    if (wait === 0) return null;
    this.#beat ??= pause(wait).then(() => {
      this.#beat = null;
    });
    return this.#beat;
  }
}

interface Means {
  readonly id: string;
  readonly line: Line;
  readonly batches: AsyncIterator<readonly object[]>;
  readonly rendering: Rendering;
  readonly abort: AbortController;
  readonly crowd: Crowd;
  /** Called once, when it is over. */
  left(): void;
}

/**
 * Brings a subscription's events to its socket. To graphql-ws it is a stream that yields nothing: the messages go out here, in
 * frames that were made once for all who ask the same. Each goes at its own pace; one that is slow is read on for later.
 */
export class Delivery implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #means: Means;
  #over: Promise<void> | undefined;

  constructor(means: Means) {
    this.#means = means;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#over ??= this.#deliver();
    await this.#over;
    return { done: true, value: undefined };
  }

  /** The subscriber completed, or its socket closed. */
  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#means.abort.abort();
    await this.#over;
    return { done: true, value: undefined };
  }

  async #deliver(): Promise<void> {
    const { id, line, batches, rendering, abort, crowd, left } = this.#means;
    crowd.size += 1;
    try {
      for (let step = await batches.next(); !step.done && !abort.signal.aborted; step = await batches.next()) {
        const frames = await rendering.frames(id, step.value);
        if (abort.signal.aborted || line.socket.readyState !== line.socket.OPEN) break;
        line.raw.write(frames);
        if (line.raw.writableLength > HIGH_WATER_BYTES) await drained(line.raw, abort.signal);
        await crowd.beat();
      }
    } finally {
      crowd.size -= 1;
      abort.abort();
      await batches.return?.();
      left();
    }
  }
}

function drained(raw: Duplex, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      raw.off('drain', done);
      raw.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    raw.on('drain', done);
    raw.on('close', done);
    signal.addEventListener('abort', done);
  });
}
