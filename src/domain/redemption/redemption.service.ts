import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { HoldService } from '../hold/hold.service.ts';
import type { ReleaseReason } from '../hold/hold.types.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import type { ReversalService } from '../reversal/reversal.service.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { JudgeMeans } from './judge.ts';
import { Looker } from './looker.ts';
import type { Preparation } from './preparation.ts';
import { rejectionOf } from './record-refused.ts';
import type {
  HoldAnswer,
  HoldCommand,
  HoldRecord,
  RedeemAnswer,
  RedeemCommand,
  RedemptionDesk,
  RejectionRecord,
  ReverseAnswer,
  ReverseCommand,
  ValidateAnswer,
  ValidateCommand,
} from './redemption.types.ts';
import type { RedemptionEngine } from './redemption-engine.ts';

export interface DeskMeans extends JudgeMeans {
  readonly pool: pg.Pool;
  readonly preparation: Preparation;
  readonly engine: RedemptionEngine;
  readonly holds: HoldService;
  readonly reversals: ReversalService;
}

/** What a till asks: may these be used, hold them, use them, take it back. */
export class RedemptionService implements RedemptionDesk {
  readonly #means: DeskMeans;
  readonly #looker: Looker;

  constructor(means: DeskMeans) {
    this.#means = means;
    this.#looker = new Looker(means.pool, means);
  }

  async validate(actor: Actor, command: ValidateCommand): Promise<ValidateAnswer> {
    const prepared = await this.#means.preparation.validate(actor, command);
    const decision = await this.#looker.look(prepared);
    const refused: RejectionRecord[] = [];
    const outcomes = decision.outcomes.map((outcome) => {
      if (outcome.outcome === 'applicable') return outcome;
      const record = rejectionOf(prepared, outcome);
      refused.push(record);
      return record;
    });
    await writeRejections(this.#means.pool, refused, actor.id);
    return { outcomes, priced: decision.priced };
  }

  /** Refuses every code for one reason that lies with the caller, whatever the codes are worth: too many attempts. */
  async refuseAll(actor: Actor, command: ValidateCommand, reason: ReasonCode): Promise<ValidateAnswer> {
    const prepared = await this.#means.preparation.validate(actor, { ...command });
    const decision = await this.#looker.look({ ...prepared, codes: [] });
    const refused = prepared.codes.map((hit) =>
      rejectionOf(prepared, {
        outcome: 'rejected',
        code: hit.code,
        voucherId: null,
        campaignId: null,
        failures: [{ reason, facts: {} }],
        nearestBasket: null,
      }),
    );
    await writeRejections(this.#means.pool, refused, actor.id);
    return { outcomes: refused, priced: decision.priced };
  }

  async hold(actor: Actor, command: HoldCommand): Promise<HoldAnswer> {
    return (await this.#means.engine.submit(await this.#means.preparation.hold(actor, command))) as HoldAnswer;
  }

  async redeem(actor: Actor, command: RedeemCommand): Promise<RedeemAnswer> {
    return (await this.#means.engine.submit(await this.#means.preparation.redeem(actor, command))) as RedeemAnswer;
  }

  extendHold(actor: Actor, id: string, ttlSeconds: number): Promise<HoldAnswer> {
    return this.#means.holds.extend(actor, id, ttlSeconds);
  }

  releaseHold(actor: Actor, id: string, reason: ReleaseReason | null = null): Promise<HoldRecord> {
    return this.#means.holds.release(actor, id, reason);
  }

  reverse(actor: Actor, command: ReverseCommand): Promise<ReverseAnswer> {
    return this.#means.reversals.reverse(actor, command);
  }
}
