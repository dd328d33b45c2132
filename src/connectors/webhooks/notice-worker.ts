import { type Delivery, FAILURES, type Failure, type Notice } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { NoticeReason } from '../../domain/connection/connection.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { HubError } from '../../domain/shared/errors.ts';
import type { AccountCheck } from '../connections/account.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { FactDesk } from '../facts/fact-desk.ts';
import { waitMs } from '../outbox/settlement.rules.ts';
import { backOffMs } from '../runner/backoff.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { runnable } from '../runner/runnable.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import type { WorkerIdentity } from '../runner/worker-identity.ts';
import { keepNotices } from './arrival.ts';
import type { ClaimedNotice, NoticeStore, SettledNotice } from './notice-store.ts';
import { UNREAD } from './routing.ts';

export interface NoticeWorkerOptions {
  readonly pool: pg.Pool;
  readonly store: NoticeStore;
  readonly book: ConnectionBook;
  readonly account: AccountCheck;
  readonly runner: ConnectorRunner;
  readonly desk: FactDesk;
  readonly attention: Attention;
  readonly identity: WorkerIdentity;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
  /** 0 to 1; spreads retries. */
  readonly chance: () => number;
  readonly onSettled?: (connectorId: string, state: string, reason: string | null) => void;
}

const CONCURRENCY = 16;
/** With pauses of up to ten minutes about a day: the platform will not say it again, so it is not given up lightly. */
const MAX_ATTEMPTS = 150;

/** An order may be told of before it can be read: for so many attempts "not found" is "not yet". */
const NOT_FOUND_ATTEMPTS = 8;

type Verdict = Omit<SettledNotice, 'attempts' | 'nextAtMs'> &
  Partial<Pick<SettledNotice, 'attempts' | 'nextAtMs'>> & { readonly tell?: string };

/** Works stored notices: reads what they mean and hands it to the hub, one at a time for each resource. */
export class NoticeWorker {
  readonly #options: NoticeWorkerOptions;
  readonly loop: WorkLoop<ClaimedNotice>;

  constructor(options: NoticeWorkerOptions) {
    this.#options = options;
    this.loop = new WorkLoop({
      name: 'notices',
      concurrency: CONCURRENCY,
      pollMs: options.pollMs,
      log: options.log,
      sweep: () => options.store.sweep(),
      claimsAll: true,
      claim: (room) =>
        options.identity.owner === null
          ? Promise.resolve([])
          : options.store.claim(options.identity.owner, new Date(options.clock.now()), room),
      work: (notice) => this.#work(notice),
      giveBack: (notice) => options.store.giveBack(notice),
    });
  }

  async #work(notice: ClaimedNotice): Promise<void> {
    const { book, store, clock, attention, log, onSettled } = this.#options;
    const live = await book.get(notice.connectionId);
    const able = runnable(live);
    const verdict = able
      ? await this.#judge(able, notice)
      : parked('GAVE_UP', `The connector ${live?.connectorId ?? ''} is not installed, or was refused.`);
    // The person hears of it before it counts as settled: a crash in between says it twice, never not at all.
    if (verdict.tell !== undefined) await attention.tell(notice.connectionId, verdict.tell);
    await store.settle(
      notice,
      {
        state: verdict.state,
        reason: verdict.reason,
        attempts: verdict.attempts ?? notice.attempts,
        nextAtMs: verdict.nextAtMs ?? clock.now(),
        error: verdict.error,
      },
      new Date(clock.now()),
    );
    onSettled?.(live?.connectorId ?? '', verdict.state, verdict.reason);
    if (verdict.error !== null)
      log.info(
        {
          notice: notice.id,
          connection: notice.connectionId,
          topic: notice.topic,
          state: verdict.state,
          reason: verdict.reason,
          attempts: verdict.attempts ?? notice.attempts,
          error: verdict.error,
        },
        'a notice was not worked to its end',
      );
  }

  async #judge(live: Runnable, notice: ClaimedNotice): Promise<Verdict> {
    const known = await this.#options.account.known(live);
    if ('failure' in known) return this.#afterFailure(notice, known.failure);
    if (notice.account !== null && known.live.account !== null && notice.account !== known.live.account)
      return otherAccount(notice.account);
    try {
      return await this.#read(known.live, notice);
    } catch (fault) {
      // What the domain refuses for good stays refused; everything else (the database away, say) passes.
      if (fault instanceof HubError && fault.code !== 'INTERNAL' && fault.code !== 'UNAVAILABLE')
        return parked('REFUSED', `${fault.code}: ${fault.message}`);
      this.#options.log.warn({ notice: notice.id, err: fault }, 'a notice could not be worked; it is tried again');
      return this.#again(notice, fault instanceof Error ? `${fault.name} inside the hub.` : 'A fault inside the hub.');
    }
  }

  async #read(live: Runnable, notice: ClaimedNotice): Promise<Verdict> {
    const { runner, desk, clock } = this.#options;
    if (notice.readAt === null && notice.topic === UNREAD) return this.#split(live, notice, notice.body);
    const fetchedAt = notice.readAt?.getTime() ?? clock.now();
    const ran = notice.readAt === null ? await runner.read(live, notice.body) : { ok: true as const, value: [notice.body] };
    if (!ran.ok) return this.#afterFailure(notice, ran.failure);
    if (!notice.signed && ran.value.some((fact) => fact.kind !== 'again'))
      return parked(
        'FAULTY_FACTS',
        'The platform does not sign what it sends, and the connector took it at its word instead of fetching it.',
      );
    const taken = await desk.take(live, ran.value, fetchedAt);
    if (!taken.ok) return this.#afterFailure(notice, taken.failure);
    const [location] = taken.withoutStore;
    if (location !== undefined)
      return parked(
        'LOCATION_WITHOUT_STORE',
        `Orders of the location ${location || '(none)'} are kept: say in the setting \`locations\` which store it is.`,
      );
    return { state: 'DONE', reason: ran.value.length === 0 ? 'NO_FACTS' : null, error: null };
  }

  /** What could not be split when it came: what it says becomes notices of their own. */
  async #split(live: Runnable, notice: ClaimedNotice, { body }: Notice): Promise<Verdict> {
    const { runner } = this.#options;
    const delivery = body as unknown as Delivery;
    const split = await runner.split(live, delivery);
    if (!split.ok) return this.#afterFailure(notice, split.failure);
    const { appId, deliveryId } = notice;
    const come = { live, appId, delivery, raw: new Uint8Array(), tellOthers: false, ...(deliveryId === null ? {} : { deliveryId }) };
    await keepNotices(this.#options, come, split.value);
    return { state: 'DONE', reason: null, error: null };
  }

  #afterFailure(notice: ClaimedNotice, failure: Failure): Verdict {
    const { clock } = this.#options;
    const rule = FAILURES[failure.code];
    const error = failureText(failure);
    if (failure.code === 'NOT_FOUND' && notice.attempts + 1 < NOT_FOUND_ATTEMPTS) return this.#again(notice, error);
    if (rule.retry === 'NEVER') return parked('REFUSED', error);
    if (rule.retry === 'BACK_OFF') return this.#again(notice, error, failure.wait === undefined ? 0 : waitMs(failure));
    return {
      state: 'PENDING',
      reason: null,
      error,
      nextAtMs: clock.now() + waitMs(failure),
      ...(failure.code === 'QUOTA_SPENT' ? { tell: error } : {}),
    };
  }

  #again(notice: ClaimedNotice, error: string, atLeastMs = 0): Verdict {
    const attempts = notice.attempts + 1;
    if (attempts >= MAX_ATTEMPTS) return { ...parked('GAVE_UP', error), attempts };
    const pause = Math.max(backOffMs(attempts, this.#options.chance()), atLeastMs);
    return { state: 'PENDING', reason: null, error, attempts, nextAtMs: this.#options.clock.now() + pause };
  }
}

const parked = (reason: NoticeReason, error: string): Verdict => ({ state: 'PARKED', reason, error, tell: error });

const otherAccount = (account: string): Verdict => {
  const error = `An event of another account (${account}) came to this connection's address; it is kept and not worked.`;
  return { state: 'UNCLAIMED', reason: 'OTHER_ACCOUNT', error, tell: error };
};
