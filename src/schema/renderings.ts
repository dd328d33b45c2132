import { LRUCache } from 'lru-cache';

/** An event as some subscribers see it: the `payload` of their messages, as UTF-8 of JSON. */
export type Render = (record: unknown) => Buffer | Promise<Buffer>;

const KEPT_EVENTS = 2_000;
const KEPT_PATTERNS = 16;
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
  /** By how many events, and how long the id: the frames differ in the bytes of the id only. */
  readonly #patterns = new LRUCache<string, Pattern>({ max: KEPT_PATTERNS });

  constructor(render: Render) {
    this.#render = render;
  }

  /** The WebSocket frames of these events for the subscription `id`. Records are known again by identity. */
  async frames(id: string, records: readonly object[]): Promise<Buffer> {
    const name = Buffer.from(JSON.stringify(id));
    const key = `${records.length} ${name.length}`;
    const known = this.#patterns.get(key);
    if (known && known.first === records[0]) return named(known, name);
    const payloads: Buffer[] = [];
    for (const record of records) {
      const payload = this.#payload(record);
      payloads.push(payload instanceof Promise ? await payload : payload);
    }
    const pattern = { first: records[0], ...framed(name, payloads) };
    this.#patterns.set(key, pattern);
    return pattern.frames;
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

/** Frames of some events, and where in them the id of the subscription stands. */
interface Pattern {
  readonly first: object | undefined;
  readonly name: Buffer;
  readonly frames: Buffer;
  readonly places: readonly number[];
}

/** The frames with another id of the same length. */
function named({ frames, name, places }: Pattern, wanted: Buffer): Buffer {
  if (wanted.equals(name)) return frames;
  const copy = Buffer.from(frames);
  for (const place of places) wanted.copy(copy, place);
  return copy;
}

const BEFORE_ID = Buffer.from('{"id":');
const AFTER_ID = Buffer.from(',"type":"next","payload":');

/** One unmasked text frame a message, as servers send them (RFC 6455, 5.2). */
function framed(name: Buffer, payloads: readonly Buffer[]): Omit<Pattern, 'first'> {
  const around = BEFORE_ID.length + name.length + AFTER_ID.length + 1;
  const frames = Buffer.allocUnsafe(payloads.reduce((sum, { length }) => sum + headerLength(around + length) + around + length, 0));
  const places: number[] = [];
  let at = 0;
  for (const payload of payloads) {
    at = writeHeader(frames, at, around + payload.length);
    at += BEFORE_ID.copy(frames, at);
    places.push(at);
    at += name.copy(frames, at);
    at += AFTER_ID.copy(frames, at);
    at += payload.copy(frames, at);
    at = frames.writeUInt8(CLOSING_BRACE, at);
  }
  return { name, frames, places };
}

const CLOSING_BRACE = 0x7d;
const headerLength = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

function writeHeader(buffer: Buffer, start: number, size: number): number {
  const at = buffer.writeUInt8(TEXT_FRAME, start);
  if (size < 126) return buffer.writeUInt8(size, at);
  if (size < 65_536) return buffer.writeUInt16BE(size, buffer.writeUInt8(126, at));
  return buffer.writeBigUInt64BE(BigInt(size), buffer.writeUInt8(127, at));
}
