import type { Forger } from '@valehub/connector-kit/testing';
import { chanceFor, drawn, type Weighted } from './chance.ts';
import { listen, type Message, send } from './http.ts';
import type { Address, ChaosPlatform, Letter } from './platform.ts';

/** A signed letter of a platform's own making. */
export function letterOf(
  forger: Forger,
  { url }: Address,
  body: string | Buffer,
  headers: readonly (readonly [string, string])[],
  at: number,
): Letter {
  const signed = forger.sign({ url, body, headers, at });
  return { headers: signed.headers, body: Buffer.from(signed.body) };
}

/** How a letter is spoilt that comes beside the good one. Each has to be turned away, and nothing of it kept. */
const SPOILT = ['forged', 'truncated', 'oversized', 'in another encoding', 'with a member twice', 'no JSON', 'for nobody'] as const;
type Spoilt = (typeof SPOILT)[number];

/** How often a good letter comes, where it comes at all. */
const COPIES = [
  { what: 1, weight: 760 },
  { what: 2, weight: 170 },
  { what: 3, weight: 70 },
] as const satisfies readonly Weighted<number>[];
/** Of a thousand. */
const LOST = 60;
const SPOILT_BESIDE = 40;
const UNKNOWN_BESIDE = 15;
/** Of a thousand, and by how many steps at most. */
const LATE = 120;
const LATEST_STEPS = 30;

interface Due {
  readonly step: number;
  readonly path: string;
  readonly letter: Letter;
  readonly statuses: readonly number[];
  readonly what: string;
}

export interface PostReport {
  readonly sent: number;
  readonly lost: number;
  readonly unknownEvents: number;
  /** How often each way to spoil one was tried. */
  readonly spoilt: ReadonlyMap<string, number>;
  /** Letters that were answered otherwise than they had to be. */
  readonly surprises: readonly string[];
}

export interface Post {
  /** Where the hub's addresses are posted to instead. */
  readonly url: string;
  readonly report: PostReport;
  /** Takes what `telling` posts, and decides what becomes of each. `mayBeLost`: the hub has another way to learn of it. */
  take(platform: ChaosPlatform, name: string, step: number, telling: () => Promise<unknown>, mayBeLost: boolean): Promise<void>;
  /** Brings what is due at this step; all that is left where none is said. */
  bring(step?: number): Promise<void>;
  close(): Promise<void>;
}

/** The net between platforms and hub: what is told comes late, twice, in another order, not at all, or with something false beside it. */
export async function openPost(seed: number, hubUrl: string): Promise<Post> {
  const caught: Message[] = [];
  const due: Due[] = [];
  const spoilt = new Map<string, number>();
  const surprises: string[] = [];
  const report = { sent: 0, lost: 0, unknownEvents: 0, spoilt, surprises };
  const box = await listen(async (message, response) => {
    caught.push(message);
    response.writeHead(200).end();
  });

  async function bringOne({ path, letter, statuses, what }: Due): Promise<void> {
    const { status } = await send(hubUrl, { method: 'POST', path, ...letter });
    report.sent += 1;
    if (!statuses.includes(status)) surprises.push(`${what}: ${status}, not ${statuses.join(' or ')}`);
  }

  return {
    url: box.url,
    report,
    async take(platform, name, step, telling, mayBeLost) {
      caught.length = 0;
      await telling();
      for (const [nth, { path, headers, body }] of caught.splice(0).entries()) {
        const chance = chanceFor(seed, `letter ${name} ${nth}`);
        const good = { path, letter: { headers, body }, statuses: [200], what: `${platform.id}, a good letter` };
        const when = (): number => step + (chance.below(1_000) < LATE ? chance.below(LATEST_STEPS) : chance.below(3));
        if (mayBeLost && chance.below(1_000) < LOST) report.lost += 1;
        else for (let copy = drawn(chance, COPIES) ?? 1; copy > 0; copy -= 1) due.push({ ...good, step: when() });
        if (chance.below(1_000) < SPOILT_BESIDE) {
          const how = chance.pick(SPOILT);
          const false_ = spoil(how, platform, { headers, body });
          spoilt.set(how, (spoilt.get(how) ?? 0) + 1);
          due.push({ path: how === 'for nobody' ? `${path}f` : path, step, ...false_, what: `${platform.id}, one ${how}` });
        }
        if (chance.below(1_000) < UNKNOWN_BESIDE && platform.unknownEvent) {
          report.unknownEvents += 1;
          due.push({ ...good, letter: platform.unknownEvent(`event-${report.unknownEvents}`), step });
        }
      }
    },
    async bring(step = Number.POSITIVE_INFINITY) {
      const now = due.filter((one) => one.step <= step);
      due.splice(0, due.length, ...due.filter((one) => one.step > step));
      await Promise.all(now.map(bringOne));
    },
    close: () => box.close(),
  };
}

/** Whether the form or the proof is looked at first is the platform's affair. */
const UNREADABLE = [400, 401];

function spoil(how: Spoilt, platform: ChaosPlatform, letter: Letter): { readonly letter: Letter; readonly statuses: readonly number[] } {
  const sign = platform.sign ?? ((body: string | Buffer): Letter => ({ ...letter, body: Buffer.from(body) }));
  switch (how) {
    case 'forged': {
      const body = Buffer.concat([letter.body.subarray(0, -1), Buffer.from(' '), letter.body.subarray(-1)]);
      return { letter: { ...letter, body }, statuses: [401] };
    }
    case 'truncated':
      return { letter: { ...letter, body: letter.body.subarray(0, -9) }, statuses: [401] };
    case 'oversized':
      return { letter: { ...letter, body: Buffer.concat([letter.body, Buffer.alloc(10_000_001, 32)]) }, statuses: [413] };
    case 'in another encoding':
      return { letter: sign(Buffer.from('{"id":"Jamón"}', 'latin1')), statuses: UNREADABLE };
    case 'with a member twice':
      return { letter: sign('{"id":"a","id":"b"}'), statuses: UNREADABLE };
    case 'no JSON':
      return { letter: sign('{"id":'), statuses: UNREADABLE };
    case 'for nobody':
      return { letter, statuses: [404] };
  }
}
