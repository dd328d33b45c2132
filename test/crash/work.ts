import type { Actor } from '../../src/domain/access/roles.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { RefundCommand } from '../../src/domain/order/refund.types.ts';
import type { HoldCommand, OrderDraft, RedeemCommand, ReverseCommand } from '../../src/domain/redemption/redemption.types.ts';
import type { IssueCommand } from '../../src/domain/voucher/issuing.types.ts';

// What a process that is going to be killed asks, and what the one that outlives it asks again. Types only are imported: both run it.

export type Work =
  | { readonly do: 'redeem'; readonly command: RedeemCommand }
  | { readonly do: 'hold'; readonly command: HoldCommand }
  | { readonly do: 'reverse'; readonly command: ReverseCommand }
  | { readonly do: 'issue'; readonly command: IssueCommand }
  | { readonly do: 'refund'; readonly command: RefundCommand }
  | { readonly do: 'record'; readonly command: OrderDraft };

/** An answer, as far as the same request has to get the same again. */
export interface Told {
  readonly kind: string;
  /** Of redemptions, reversals, rejections, the hold or the refund; codes that were issued. */
  readonly ids: readonly string[];
}

export async function perform(hub: Hub, actor: Actor, work: Work): Promise<Told> {
  switch (work.do) {
    case 'redeem': {
      const answer = await hub.desk.redeem(actor, work.command);
      return answer.kind === 'redeemed' ? told('redeemed', answer.redemptions) : told('refused', answer.rejections);
    }
    case 'hold': {
      const answer = await hub.desk.hold(actor, work.command);
      return answer.kind === 'held' ? told('held', [answer.hold]) : told('refused', answer.rejections);
    }
    case 'reverse': {
      const answer = await hub.desk.reverse(actor, work.command);
      return answer.kind === 'reversed' ? told('reversed', answer.reversals) : told('refused', answer.rejections);
    }
    case 'issue': {
      const answer = await hub.issuing.issue(actor, work.command);
      return answer.kind === 'issued' ? { kind: 'issued', ids: [hub.codes.codeAt(answer)] } : told('refused', answer.rejections);
    }
    case 'refund': {
      const answer = await hub.refunds.refund(actor, work.command);
      return answer.kind === 'refunded' ? told('refunded', [answer.refund]) : told('refused', answer.rejections);
    }
    case 'record': {
      const { id } = await hub.orders.record(actor, work.command);
      const [places = []] = await hub.orders.issuedOn([id]);
      return { kind: 'recorded', ids: [id, ...places.map((place) => hub.codes.codeAt(place)).sort()] };
    }
  }
}

const told = (kind: string, made: readonly { readonly id: string }[]): Told => ({ kind, ids: made.map(({ id }) => id).sort() });
