import { LRUCache } from 'lru-cache';

/** An event as some subscribers see it: the `payload` of their messages, as UTF-8 of JSON. */
export type Render = (record: unknown) => Buffer | Promise<Buffer>;

const KEPT_EVENTS = 2_000;
const KEPT_FRAMES = 16;
const TEXT_FRAME = 0x81;

/**
 * What subscribers who ask the same, and may see the same, share: each event is worked out and put into text once, however many
 * they are, and where even the ids of their subscriptions are the same, so are the bytes on the wire.
 */
export class Renderings {
  readonly #shared = new Map<string, { readonly rendering: Rendering; users: number }>();

  take(key: string, render: Render): Rendering {
    const entry = this.#shared.get(key) ?? { rendering: new Rendering(render), users: 0 };
    entry.users += 1;
    this.#shared.set(key, entry);
    return entry.rendering;
  }

  leave(key: string): void {
    const entry = this.#shared.get(key);
    if (entry && --entry.users === 0) this.#shared.delete(key);
  }
}

export class Rendering {
  readonly #render: Render;
  readonly #payloads = new LRUCache<object, Buffer | Promise<Buffer>>({ max: KEPT_EVENTS });
  readonly #frames = new LRUCache<string, { readonly first: object | undefined; readonly frames: Buffer }>({ max: KEPT_FRAMES });

  constructor(render: Render) {
    this.#render = render;
  }

  /** The WebSocket frames of these events for the subscription `id`. Records are known again by identity. */
  async frames(id: string, records: readonly object[]): Promise<Buffer> {
    const key = `${records.length} ${id}`;
    const known = this.#frames.get(key);
    if (known && known.first === records[0]) return known.frames;
    const payloads: Buffer[] = [];
    for (const record of records) {
      const payload = this.#payload(record);
      payloads.push(payload instanceof Promise ? await payload : payload);
    }
    const frames = framed(id, payloads);
    this.#frames.set(key, { first: records[0], frames });
    return frames;
  }

  #payload(record: object): Buffer | Promise<Buffer> {
    const known = this.#payloads.get(record);
    if (known) return known;
    const made = this.#render(record);
    this.#payloads.set(record, made);
    if (made instanceof Promise) {
      made.then(
        (payload) => this.#payloads.set(record, payload),
        () => this.#payloads.delete(record),
      );
    }
    return made;
  }
}

/** One unmasked text frame a message, as servers send them (RFC 6455, 5.2). */
function framed(id: string, payloads: readonly Buffer[]): Buffer {
  const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const sizes = payloads.map((payload) => head.length + payload.length + 1);
  const all = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size + headerLength(size), 0));
  let at = 0;
  payloads.forEach((payload, index) => {
    at = writeHeader(all, at, sizes[index] ?? 0);
    at += head.copy(all, at);
    at += payload.copy(all, at);
    at = all.writeUInt8(CLOSING_BRACE, at);
  });
  return all;
}

const CLOSING_BRACE = 0x7d;
const headerLength = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

function writeHeader(buffer: Buffer, start: number, size: number): number {
  const at = buffer.writeUInt8(TEXT_FRAME, start);
  if (size < 126) return buffer.writeUInt8(size, at);
  if (size < 65_536) return buffer.writeUInt16BE(size, buffer.writeUInt8(126, at));
  return buffer.writeBigUInt64BE(BigInt(size), buffer.writeUInt8(127, at));
}
