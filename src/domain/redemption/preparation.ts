import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import type { ResolvedCustomer, ResolveMode } from '../customer/customer.types.ts';
import type { CustomerFactsReader } from '../customer/customer-facts.ts';
import { checkBasket, checkCodes, checkIdempotencyKey, checkPlacedAt, checkText } from '../decision/check-basket.ts';
import { checkPayments } from '../decision/check-payments.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import { factsAsked, type LoadedFacts } from '../decision/facts-asked.ts';
import { businessDay } from '../shared/business-time.ts';
import type { Clock } from '../shared/clock.ts';
import { badInput, forbidden, type InputFault, notFound } from '../shared/errors.ts';
import type { StoreService } from '../store/store.service.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { holdHash, redeemHash } from './fingerprint.ts';
import type { CodeHit, Prepared } from './prepared.ts';
import type { HoldCommand, OrderDraft, RedeemCommand, ValidateCommand } from './redemption.types.ts';

const MAX_TTL_SECONDS = 3_600;
const MAX_NAME_LENGTH = 255;

export interface PreparationMeans {
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly facts: CustomerFactsReader;
  readonly pool: pg.Pool;
  campaign(id: string): CampaignTerms | undefined;
  lookup(code: string): CodeHit;
  /** Codes may have been made by another process a moment ago. */
  refreshCodes(): Promise<void>;
}

/** Makes commands ready to be decided: form, access, store, customer, codes. What is wrong here is a fault, not a refusal. */
export class Preparation {
  readonly #means: PreparationMeans;

  constructor(means: PreparationMeans) {
    this.#means = means;
  }

  async validate(actor: Actor, command: ValidateCommand): Promise<Prepared> {
    const rest = { scope: 'validate', key: '', inputHash: '', holdId: null, ttlSeconds: 0, entryMode: 'API' as const };
    return this.#prepare('VALIDATE', actor, command, command.codes, 'look', checkCodes(command.codes), () => rest);
  }

  async hold(actor: Actor, command: HoldCommand): Promise<Prepared> {
    const faults = [
      ...checkIdempotencyKey(command.idempotencyKey),
      ...checkCodes(command.codes),
      ...checkTtl(command.ttlSeconds, 'input.ttlSeconds'),
    ];
    return this.#prepare('HOLD', actor, command, command.codes, 'create', faults, (codes) => ({
      scope: 'hold',
      key: command.idempotencyKey,
      inputHash: holdHash(command, codes),
      holdId: null,
      ttlSeconds: command.ttlSeconds,
      entryMode: 'API',
    }));
  }

  async redeem(actor: Actor, command: RedeemCommand): Promise<Prepared> {
    const faults = checkIdempotencyKey(command.idempotencyKey);
    if ((command.holdId === null) === (command.codes === null))
      faults.push({ path: 'input', message: 'Give either holdId or codes, exactly one of them.' });
    if (command.codes !== null) faults.push(...checkCodes(command.codes));
    return this.#prepare('REDEEM', actor, command, command.codes ?? [], 'create', faults, (codes) => ({
      scope: 'redeem',
      key: command.idempotencyKey,
      inputHash: redeemHash(command, codes),
      holdId: command.holdId,
      ttlSeconds: 0,
      entryMode: command.entryMode,
    }));
  }

  async #prepare(
    action: Prepared['action'],
    actor: Actor,
    command: { readonly order: OrderDraft; readonly tillId: string | null; readonly staffId: string | null },
    typed: readonly string[],
    mode: ResolveMode,
    faults: readonly InputFault[],
    rest: (codes: readonly string[]) => Pick<Prepared, 'scope' | 'key' | 'inputHash' | 'holdId' | 'ttlSeconds' | 'entryMode'>,
  ): Promise<Prepared> {
    const { order } = command;
    const now = this.#means.clock.now();
    const { store, placedAt } = await this.place(actor, order, now, [
      ...faults,
      ...checkDesk(command),
      ...checkPayments(order.payments, 'input.order'),
    ]);
    const customer: ResolvedCustomer =
      order.customer === null ? { id: null, given: false, unknownId: false } : await this.#means.customers.resolve(order.customer, mode);
    const codes = await this.#lookup(typed, actor.role === 'PUBLIC');
    const facts = await this.#facts(order, customer, codes, now);
    return {
      action,
      actor,
      now,
      placedAt,
      businessDay: businessDay(placedAt, store),
      order,
      basket: order,
      customer,
      facts,
      codes,
      booked: null,
      tillId: command.tillId,
      staffId: command.staffId,
      ...rest(codes.map((hit) => hit.code)),
    };
  }

  /** A code that a platform's till has taken already, on an order whose form the connector answers for. */
  async platform(
    actor: Actor,
    order: OrderDraft,
    customer: ResolvedCustomer,
    hit: CodeHit,
    given: number | null,
    key: string,
  ): Promise<Prepared> {
    const now = this.#means.clock.now();
    const store = await this.#means.stores.get(order.storeId);
    if (!store) throw notFound('store', order.storeId);
    refuseFaults(checkBasket(order));
    const placedAt = order.placedAt === null ? now : Date.parse(order.placedAt);
    return {
      action: 'REDEEM',
      actor,
      now,
      placedAt,
      businessDay: businessDay(placedAt, store),
      order,
      basket: order,
      customer,
      facts: await this.#facts(order, customer, [hit], now),
      codes: [hit],
      holdId: null,
      scope: 'platform',
      key,
      // The key says it all: what a platform repeats is the same, whatever else of the order changed.
      inputHash: '',
      ttlSeconds: 0,
      tillId: null,
      staffId: null,
      entryMode: 'API',
      booked: given === null ? null : { [hit.code]: given },
    };
  }

  /** Where and when an order is, for a caller who may say so. */
  async place(
    actor: Actor,
    order: OrderDraft,
    now: number,
    found: readonly InputFault[] = [],
    path = 'input.order',
  ): Promise<{ store: StoreTerms; placedAt: number }> {
    const faults = [...found, ...checkBasket(order, path)];
    const placedAt = order.placedAt === null ? now : Date.parse(order.placedAt);
    if (actor.role === 'TILL' || actor.role === 'PUBLIC') faults.push(...checkPlacedAt(placedAt, now, `${path}.placedAt`));
    refuseFaults(faults);
    const store = this.#means.stores.terms(order.storeId) ?? (await this.#means.stores.get(order.storeId));
    if (!store) throw notFound('store', order.storeId);
    if (actor.storeIds !== null && !actor.storeIds.includes(store.id)) throw forbidden('This key does not hold for that store.');
    return { store, placedAt };
  }

  /** What the campaigns of these codes ask of the customer; most ask nothing, and nothing is read. */
  async #facts(order: OrderDraft, customer: ResolvedCustomer, codes: readonly CodeHit[], now: number): Promise<LoadedFacts | null> {
    if (!customer.given || customer.unknownId) return null;
    const { campaign, facts, pool } = this.#means;
    const asked = factsAsked(codes.flatMap((hit) => (hit.found === 'code' ? (campaign(hit.campaignId) ?? []) : [])));
    if (asked === null) return null;
    return facts.read(pool, { customerId: customer.id, source: order.source, externalId: order.externalId, now }, asked);
  }

  /** Each code once, in the order given. `alike`: unknown codes are to cost no more than known ones. */
  async #lookup(typed: readonly string[], alike: boolean): Promise<CodeHit[]> {
    const look = () => typed.map((code) => this.#means.lookup(code));
    let hits = look();
    if (alike || hits.some((hit) => hit.found === 'unknown' || hit.found === 'malformed')) {
      await this.#means.refreshCodes();
      hits = look();
    }
    const seen = new Set<string>();
    return hits.filter((hit) => !seen.has(hit.code) && seen.add(hit.code));
  }
}

export function checkTtl(seconds: number, path: string): InputFault[] {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TTL_SECONDS
    ? []
    : [{ path, message: `A hold lasts 1 to ${MAX_TTL_SECONDS} seconds.` }];
}

/** Where in the store it is asked, as far as the caller says. */
function checkDesk({ tillId, staffId }: { readonly tillId: string | null; readonly staffId: string | null }): InputFault[] {
  const faults: InputFault[] = [];
  for (const [name, text] of Object.entries({ tillId, staffId })) {
    if (text !== null) checkText(text, MAX_NAME_LENGTH, `input.${name}`, (path, message) => faults.push({ path, message }));
  }
  return faults;
}

export function refuseFaults(faults: readonly InputFault[]): void {
  const [first, ...more] = faults;
  if (first) throw badInput(first, ...more);
}
