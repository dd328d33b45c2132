import type { Fact } from '@valehub/connector-kit';
import { storableJson } from '../../domain/connection/storable.ts';
import { sha256 } from '../../domain/shared/canonical.ts';

/** A fact as it waits to be worked, among what webhooks say of the same resource. */
export interface FactRow {
  readonly lane: string;
  readonly location: string | null;
  /** Of what the fact says; null where that cannot be told from the fact ("read this one again"). */
  readonly contentHash: string | null;
  /** Of a fact without content: pending ones merge. */
  readonly signal: string | null;
  readonly body: Fact;
}

/** What has to be worked in turn: as notice-store.ts names the resources of webhooks. */
function laneOf(fact: Fact): string {
  switch (fact.kind) {
    case 'order':
      return `order ${fact.order.externalId}`;
    case 'gone':
    case 'again':
      return `${fact.resource} ${fact.id}`;
    case 'customer':
      return `customer ${fact.customer.externalId ?? sha256(storableJson(fact.customer))}`;
    case 'discount':
      return `discount ${fact.discount.externalId}`;
    case 'document':
      return `document ${fact.document.externalId ?? sha256(storableJson(fact.document))}`;
    case 'messageStatus':
      return `messageStatus ${fact.job}`;
    case 'access':
      return 'access';
    case 'consent':
    case 'pressed':
    case 'privacy':
    case 'custom':
      return `${fact.kind} ${fact.key}`;
  }
}

/** In the order of the page; what stands in it twice in a row counts once. `location`: where it was read, for facts that do not say. */
export function factRows(facts: readonly Fact[], topic: string, location: string | null): readonly FactRow[] {
  const last = new Map<string, string>();
  return facts.flatMap((fact): FactRow[] => {
    const body = placed(fact, location);
    const lane = laneOf(body);
    const text = storableJson(body);
    if (last.get(lane) === text) return [];
    last.set(lane, text);
    const isSignal = body.kind === 'again';
    return [
      {
        lane,
        location: locationOf(body) ?? null,
        contentHash: isSignal ? null : sha256(text),
        signal: isSignal ? `signal ${JSON.stringify([topic, lane, body.location ?? null])}` : null,
        body,
      },
    ];
  });
}

const locationOf = (fact: Fact): string | undefined => fact.location ?? (fact.kind === 'order' ? fact.order.location : undefined);

const placed = (fact: Fact, location: string | null): Fact =>
  location === null || locationOf(fact) !== undefined ? fact : { ...fact, location };

/** Under which its facts stand among the notices. */
export const topicOf = (feed: string): string => `feed ${feed}`;
