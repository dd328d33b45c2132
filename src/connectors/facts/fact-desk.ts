import type { Fact, Failure, HubCustomer, HubDocument, HubOrder } from '@valehub/connector-kit';
import type pg from 'pg';
import { z } from 'zod';
import { OUTBOX_CHANNEL } from '../../domain/connection/outbox-queue.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { HubError } from '../../domain/shared/errors.ts';
import type { Attention } from '../connections/attention.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { ACCESS_WORDS } from '../credentials/grant.rules.ts';
import { ProductMap } from '../publishing/product-map.ts';
import { type ConnectorRunner, type Runnable, storeIdOf } from '../runner/connector-runner.ts';
import type { FactIntake } from './fact-intake.ts';
import { PlatformRecords } from './platform-records.ts';

/** What came of a notice's facts. `withoutStore`: locations whose orders are kept until somebody says which store they are. */
export type FactsTaken =
  | { readonly ok: true; readonly withoutStore: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

/** "Read this one too" may lead on, but not for ever. */
const MAX_HOPS = 3;

const PRIVACY_WORDS = {
  EXPORT:
    'A person asks, by the platform, for what is stored of them. The request is kept with the webhook; answer it within the time that the law gives.',
  ERASE:
    'A person asks, by the platform, to be erased. The request is kept with the webhook; answer it within the time that the law gives.',
} as const;

/** The connection's own setting; connectors without buttons have none. */
const approversSchema = z.object({ approvers: z.record(z.string(), z.string()).catch({}) });
const approversOf = (live: Runnable): Readonly<Record<string, string>> =>
  approversSchema.parse({ approvers: {}, ...live.settings }).approvers;

type MessageFact = Extract<Fact, { kind: 'messageStatus' }>;
type CustomFact = Extract<Fact, { kind: 'custom' }>;
type PressedFact = Extract<Fact, { kind: 'pressed' }>;
type ConsentFact = Extract<Fact, { kind: 'consent' }>;

/** Carries facts of a connection to where they belong. */
export class FactDesk {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #intake: FactIntake;
  readonly #runner: ConnectorRunner;
  readonly #attention: Attention;
  readonly #credentials: CredentialDesk;
  readonly #records: PlatformRecords;
  readonly #products: ProductMap;

  constructor(options: {
    pool: pg.Pool;
    clock: Clock;
    intake: FactIntake;
    runner: ConnectorRunner;
    attention: Attention;
    credentials: CredentialDesk;
  }) {
    this.#pool = options.pool;
    this.#clock = options.clock;
    this.#intake = options.intake;
    this.#runner = options.runner;
    this.#attention = options.attention;
    this.#credentials = options.credentials;
    this.#records = new PlatformRecords(options.pool);
    this.#products = new ProductMap(options.pool);
  }

  /** Faults of the domain are thrown as HubError. */
  async take(live: Runnable, facts: readonly Fact[], fetchedAt: number, hops = 0): Promise<FactsTaken> {
    const withoutStore: string[] = [];
    for (const fact of facts) {
      switch (fact.kind) {
        case 'order': {
          // A practice check is nothing that happened.
          if (fact.order.training === true) break;
          const location = fact.location ?? fact.order.location;
          const storeId = storeIdOf(live, location);
          if (storeId === null) withoutStore.push(location ?? '');
          else await this.#order(live, fact.order, storeId, fetchedAt);
          break;
        }
        case 'gone':
          if (fact.resource === 'order')
            await this.#intake.orderGone({ connectionId: live.id, externalId: fact.id, revision: fact.revision, fetchedAt });
          else await this.#records.gone(live.id, fact.resource, fact.id);
          break;
        case 'customer':
          await this.#customer(live, fact.customer);
          break;
        case 'discount':
          await this.#records.discount(live.id, fact.discount, fetchedAt);
          break;
        case 'document':
          await this.#document(live, fact.document, fetchedAt);
          break;
        case 'again': {
          if (hops === MAX_HOPS)
            return {
              ok: false,
              failure: { code: 'BAD_REPLY', message: 'The connector asks to read one thing after another without end.' },
            };
          const again = await this.#readAgain(live, fact, hops);
          if (!again.ok) return again;
          withoutStore.push(...again.withoutStore);
          break;
        }
        case 'messageStatus':
          await this.#messageStatus(live, fact);
          break;
        case 'access':
          await this.#access(live, fact);
          break;
        case 'consent':
          await this.#consent(live, fact);
          break;
        case 'pressed':
          await this.#pressed(live, fact);
          break;
        case 'privacy':
          await this.#attention.tell(live.id, PRIVACY_WORDS[fact.ask]);
          break;
        case 'custom':
          await this.#custom(live, fact);
          break;
      }
    }
    return { ok: true, withoutStore };
  }

  /** The order is recorded whatever became of its codes; those the rules refused are for a person to look at. */
  async #order(live: Runnable, order: HubOrder, storeId: string, fetchedAt: number): Promise<void> {
    const { refused } = await this.#intake.order({
      connectionId: live.id,
      storeId,
      order: await this.#products.translated(live.id, order),
      customerId: await this.#records.customerOf(live.id, order.customer?.externalId),
      fetchedAt,
    });
    if (refused.length === 0) return;
    const reasons = [...new Set(refused.map(({ reason }) => reason))].join(', ');
    await this.#attention.note(
      live.id,
      `Order ${order.externalId} carries a voucher that the rules refuse (${reasons}). The order is recorded, the voucher is not redeemed; query rejections(filter: { orderExternalId: "${order.externalId}" }) for more.`,
    );
  }

  async #customer(live: Runnable, customer: HubCustomer): Promise<void> {
    const known = await this.#intake.customer(customer);
    if (known !== null && customer.externalId !== undefined)
      await this.#records.linkCustomer(live.id, customer.externalId, known.id, this.#clock.now());
  }

  async #document(live: Runnable, document: HubDocument, fetchedAt: number): Promise<void> {
    if (document.externalId === undefined)
      throw new HubError('BAD_USER_INPUT', 'The connector gave a document without the id that the accounts have for it.');
    await this.#records.document(live.id, document.externalId, document, fetchedAt);
  }

  /** For workflows to heed; the address itself stays out of the book. */
  async #consent(live: Runnable, fact: ConsentFact): Promise<void> {
    const customerId = await this.#intake.customerOf(fact.identity);
    const name = fact.given ? 'consent.given' : 'consent.withdrawn';
    await this.#intake.event({
      key: `${live.id} ${fact.key}`,
      name,
      data: { channel: fact.channel, at: fact.at },
      storeId: storeIdOf(live, fact.location),
      customerId,
    });
  }

  /** A press counts as of whom the connection's `approvers` say that user is; anybody else's is kept and does nothing. */
  async #pressed(live: Runnable, fact: PressedFact): Promise<void> {
    const approver = approversOf(live)[fact.by];
    const data = {
      alert: fact.alert,
      button: fact.button,
      at: fact.at,
      ...(approver === undefined ? { refused: true } : { by: approver }),
    };
    const name = approver === undefined ? 'alert.press_refused' : 'alert.pressed';
    await this.#intake.event({ key: `${live.id} ${fact.key}`, name, data, storeId: storeIdOf(live, fact.location), customerId: null });
    if (approver === undefined)
      await this.#attention.note(
        live.id,
        `Somebody pressed "${fact.button}" on an alert and is none of the connection's \`approvers\`; it was kept and not acted on.`,
      );
  }

  async #readAgain(live: Runnable, fact: Extract<Fact, { kind: 'again' }>, hops: number): Promise<FactsTaken> {
    const begun = this.#clock.now();
    const ran = await this.#runner.fetch(live, fact.resource, [fact.id], fact.location);
    return ran.ok ? this.take(live, ran.value, begun, hops + 1) : { ok: false, failure: ran.failure };
  }

  /** Credentials that are no more good are not tried again until a person acts. */
  async #access(live: Runnable, { is, at }: Extract<Fact, { kind: 'access' }>): Promise<void> {
    const isTold = is !== 'EXPIRES' && (await this.#credentials.refused(live, is, Date.parse(at)));
    if (!isTold) await this.#attention.tell(live.id, ACCESS_WORDS[is]);
  }

  /** The newest report of the platform stands on the job; whoever waits for it hears of it. */
  async #messageStatus(live: Runnable, fact: MessageFact): Promise<void> {
    await this.#pool.query(
      `with told as (
         update outbox_job set message_state = $3, message_state_at = $4
         where connection_id = $1 and key = $2 and verb = 'messages.send' and (message_state_at is null or message_state_at < $4) returning id)
       select pg_notify('${OUTBOX_CHANNEL}', id) from told`,
      [live.id, fact.job, fact.state, fact.at],
    );
  }

  /** An event about a message (`data.job`) is an event of the customer and the store for whom it was sent. */
  async #custom(live: Runnable, fact: CustomFact): Promise<void> {
    const job = typeof fact.data['job'] === 'string' ? await this.#jobOf(live.id, fact.data['job']) : null;
    await this.#intake.event({
      key: `${live.id} ${fact.key}`,
      name: fact.name,
      data: fact.data,
      storeId: job?.storeId ?? storeIdOf(live, fact.location),
      customerId: job?.customerId ?? null,
    });
  }

  async #jobOf(connectionId: string, key: string): Promise<{ storeId: string | null; customerId: string | null } | null> {
    const { rows } = await this.#pool.query<{ storeId: string | null; customerId: string | null }>(
      `select store_id as "storeId", customer_id as "customerId" from outbox_job where connection_id = $1 and key = $2 and verb = 'messages.send'`,
      [connectionId, key],
    );
    return rows[0] ?? null;
  }
}
