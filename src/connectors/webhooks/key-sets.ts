import { CallError, type Verification } from '@valehub/connector-kit';
import { createAuthCtx, type Transport } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Runnable } from '../runner/connector-runner.ts';

type Published = { readonly host: string; readonly path: string };

interface KeySet {
  readonly text: string;
  readonly readAtMs: number;
}

export interface KeySetOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
}

const FRESH_MS = 6 * 60 * 60_000;
/** A platform that does not answer is believed in what it published for so long. */
const OLDEST_MS = 24 * 60 * 60_000;
/** Whoever sends tokens of invented keys must not make the hub ask the platform each time. */
const BETWEEN_MS = 60_000;
const FETCH_MS = 5_000;

const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** The platform's keys could not be had: what it sends is neither proven nor forged. */
export class KeysAway extends Error {}

export const publishedKeysOf = (scheme: Verification | undefined): Published | undefined =>
  scheme?.by === 'jwt' && 'jwks' in scheme.key ? scheme.key.jwks : undefined;

/** The name under which the kit looks for them. */
export const keySetName = ({ host, path }: Published): string => `jwks:${host}${path}`;

/** Keys that platforms publish, fetched from their declared hosts and kept in this process. */
export class KeySets {
  readonly #options: KeySetOptions;
  readonly #known = new Map<string, KeySet>();
  readonly #triedAtMs = new Map<string, number>();
  readonly #fetching = new Map<string, Promise<KeySet>>();

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** As JSON. Throws `KeysAway`. */
  async get(live: Runnable, published: Published): Promise<string> {
    const url = this.#urlOf(live, published);
    const known = this.#known.get(url);
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.#options.clock.now() - known.readAtMs;
    if (known !== undefined && age < FRESH_MS) return known.text;
    try {
      return (await this.#fetched(live, url)).text;
    } catch (fault) {
      if (known === undefined || age > OLDEST_MS || !(fault instanceof KeysAway)) throw fault;
      return known.text;
    }
  }

  /** A key was used that is not among them: what the platform has published since; undefined = nothing new. Throws `KeysAway`. */
  async newer(live: Runnable, published: Published): Promise<string | undefined> {
    const url = this.#urlOf(live, published);
    const known = this.#known.get(url);
    const tried = this.#triedAtMs.get(url) ?? Number.NEGATIVE_INFINITY;
    if (known !== undefined && this.#options.clock.now() - Math.max(tried, known.readAtMs) < BETWEEN_MS) return undefined;
    const { text } = await this.#fetched(live, url);
    return text === known?.text ? undefined : text;
  }

  async #fetched(live: Runnable, url: string): Promise<KeySet> {
    const fetching =
      this.#fetching.get(url) ??
      this.#fetch(live, url).finally(() => {
        this.#fetching.delete(url);
      });
    this.#fetching.set(url, fetching);
    return fetching;
  }

  async #fetch(live: Runnable, url: string): Promise<KeySet> {
    const { clock, log } = this.#options;
    const readAtMs = clock.now();
    this.#triedAtMs.set(url, readAtMs);
    try {
      const response = await this.#means(live).fetch(url, { headers: { accept: 'application/json' } });
      if (!response.ok) throw new KeysAway(`The platform answered ${response.status} when asked for its keys.`);
      const text = await response.text();
      if (!keySetSchema.safeParse(JSON.parse(text)).success) throw new KeysAway('What the platform publishes is no set of keys.');
      const set = { text, readAtMs };
      this.#known.set(url, set);
      return set;
    } catch (fault) {
      log.warn({ connector: live.connectorId, err: fault }, 'the keys that a platform publishes could not be had');
      if (fault instanceof CallError) throw new KeysAway(fault.failure.message);
      if (fault instanceof SyntaxError) throw new KeysAway('What the platform publishes is no JSON.');
      throw fault;
    }
  }

  #urlOf(live: Runnable, { host, path }: Published): string {
    try {
      return this.#means(live).urlOf(host, path);
    } catch (fault) {
      if (fault instanceof CallError) throw new KeysAway(fault.failure.message);
      throw fault;
    }
  }

  /** The kit's own client, which goes to declared hosts only; no code of the plugin takes part. */
  #means({ connector, settings, secrets, facts }: Runnable) {
    const { transport, clock } = this.#options;
    return createAuthCtx({
      connector,
      settings,
      secrets,
      facts,
      transport,
      store: () => undefined,
      now: () => clock.now(),
      deadlineMs: FETCH_MS,
      maxReplyBytes: 1_000_000,
    });
  }
}
