import type { ServerResponse } from 'node:http';
import { chanceFor, drawn, type Weighted } from './chance.ts';
import { type Answered, type Listening, listen, type Message, plain, send } from './http.ts';

/** What goes wrong with an answer. */
const FAULTS = [
  { what: '401', weight: 2 },
  { what: '403', weight: 2 },
  { what: '404', weight: 3 },
  { what: '409', weight: 3 },
  { what: '429', weight: 3 },
  { what: '429 with Retry-After', weight: 4 },
  { what: '500', weight: 4 },
  { what: '503', weight: 4 },
  { what: 'no answer', weight: 0.4 },
  { what: 'reset before it was done', weight: 4 },
  { what: 'reset after it was done', weight: 3 },
  { what: 'HTML', weight: 2 },
  { what: 'half a page', weight: 3 },
  { what: 'redirect to another host', weight: 2 },
  { what: 'unknown members', weight: 30 },
  { what: 'a member missing', weight: 2 },
  { what: 'a forgotten cursor', weight: 60 },
] as const satisfies readonly Weighted<string>[];
export type ApiFault = (typeof FAULTS)[number]['what'];

export interface WildApi {
  readonly url: string;
  /** How often each fault was met. */
  readonly met: ReadonlyMap<string, number>;
  /** 503 to everybody, until it is back. */
  away(isAway: boolean): void;
  /** Whether anything goes wrong: not before it is said, so that connections can be made. */
  calm(isCalm: boolean): void;
  close(): Promise<void>;
}

export interface WildApiOptions {
  readonly seed: number;
  readonly name: string;
  /** The platform's own API. */
  readonly origin: string;
  readonly required: readonly string[];
  /** What does not happen here. */
  readonly never: readonly ApiFault[];
  /** What it says to a request that goes on from a cursor, when it has forgotten it. */
  readonly forgets?: ((message: Message) => Answered | undefined) | undefined;
}

const ELSEWHERE = 'http://192.0.2.1/elsewhere';

/** Stands before a platform's API, and now and then answers as platforms do on bad days. */
export async function startWildApi({ seed, name, origin, required, never, forgets }: WildApiOptions): Promise<WildApi> {
  const asked = new Map<string, number>();
  const met = new Map<string, number>();
  let isAway = false;
  let isCalm = true;

  function faultFor(message: Message): ApiFault | undefined {
    if (isCalm) return undefined;
    const text = `${name} ${message.method} ${message.path} ${message.body.toString('latin1')}`;
    const nth = asked.get(text) ?? 0;
    asked.set(text, nth + 1);
    const fault = drawn(chanceFor(seed, `${text} ${nth}`), FAULTS);
    return fault !== undefined && never.includes(fault) ? undefined : fault;
  }

  async function serve(message: Message, response: ServerResponse): Promise<void> {
    const drawn = isAway ? '503' : faultFor(message);
    const forgotten = drawn === 'a forgotten cursor' ? forgets?.(message) : undefined;
    const fault = drawn === 'a forgotten cursor' && forgotten === undefined ? undefined : drawn;
    if (fault !== undefined) met.set(fault, (met.get(fault) ?? 0) + 1);
    const instead = forgotten ?? (fault === undefined ? undefined : withoutAsking(fault));
    if (instead === 'HANG') return;
    if (instead === 'CUT') return void response.destroy();
    const answered = instead ?? (await send(origin, message));
    if (fault === 'reset after it was done') return void response.destroy();
    write(response, fault === undefined ? answered : spoilt(fault, answered, required));
  }

  const listening: Listening = await listen(serve);
  return {
    url: listening.url,
    met,
    away(now) {
      isAway = now;
    },
    calm(now) {
      isAway = false;
      isCalm = now;
    },
    close: () => listening.close(),
  };
}

function withoutAsking(fault: ApiFault): Answered | 'HANG' | 'CUT' | undefined {
  switch (fault) {
    case '401':
    case '403':
    case '404':
    case '409':
    case '429':
    case '500':
    case '503':
      return plain(Number(fault));
    case '429 with Retry-After':
      return plain(429, [['retry-after', '7']]);
    case 'no answer':
      return 'HANG';
    case 'reset before it was done':
      return 'CUT';
    case 'HTML':
      return plain(200, [['content-type', 'text/html']], '<html><body>Back soon</body></html>');
    case 'redirect to another host':
      return plain(302, [['location', ELSEWHERE]]);
    default:
      return undefined;
  }
}

function spoilt(fault: ApiFault, answered: Answered, required: readonly string[]): Answered {
  switch (fault) {
    case 'half a page':
      return { ...answered, body: answered.body.subarray(0, Math.ceil(answered.body.length / 2)) };
    case 'unknown members':
      return {
        ...answered,
        body: changed(answered.body, (member) => ({ ...member, inventedYesterday: { by: 'the platform', at: [1, null] } })),
      };
    case 'a member missing':
      return { ...answered, body: changed(answered.body, (member) => without(member, required)) };
    default:
      return answered;
  }
}

type Members = Readonly<Record<string, unknown>>;

const without = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

/** Every object in a JSON body changed; what is no JSON stays. Numbers of these stand-ins survive being read. */
function changed(body: Buffer, change: (members: Members) => Members): Buffer {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return change(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)])));
  };
  try {
    return Buffer.from(JSON.stringify(walk(JSON.parse(body.toString('utf8')))));
  } catch {
    return body;
  }
}

function write(response: ServerResponse, { status, headers, body }: Answered): void {
  response.writeHead(status, [...headers.flat(), 'content-length', String(body.length)]);
  response.end(body);
}
