/** PUBLISHING and WITHDRAWING are under way; FAILED: the platform refused, `lastError` says why. */
export const PUBLICATION_STATUSES = ['PUBLISHING', 'PUBLISHED', 'WITHDRAWING', 'WITHDRAWN', 'FAILED'] as const;
export type PublicationStatus = (typeof PUBLICATION_STATUSES)[number];

/**
 * What is lost where a campaign is published to a platform.
 * IMPOSSIBLE: it cannot be published at all. WIDER: the platform would give more than the campaign. NARROWER: less.
 * CHANGED: another form, nothing more or less is given. BY_HUB: the platform does not see to it, the hub does when it is asked or told.
 */
export type LossEffect = 'IMPOSSIBLE' | 'WIDER' | 'NARROWER' | 'CHANGED' | 'BY_HUB';

export interface Loss {
  /** What of the campaign: a key of the capabilities, or `name`, `codes`, `items`. */
  readonly about: string;
  readonly effect: LossEffect;
  /** For whoever decides whether to publish all the same. */
  readonly message: string;
}

/** How far a person lets a campaign change on its way to a platform. */
export const ON_LOSS = ['REFUSE', 'NARROW', 'GO_ON'] as const;
export type OnLoss = (typeof ON_LOSS)[number];

export interface PublicationRecord {
  readonly id: string;
  readonly campaignId: string;
  readonly connectionId: string;
  readonly status: PublicationStatus;
  readonly campaignVersion: number;
  readonly losses: readonly Loss[];
  readonly codesTotal: number;
  readonly codesAdded: number;
  readonly codesRefused: number;
  /** How often the platform says that it was used; null where it does not tell. */
  readonly used: number | null;
  readonly lastError: string | null;
}

/** A product as it is put in; without a sku it is taken out. */
export interface ProductDraft {
  readonly externalId: string;
  readonly sku: string | null;
  readonly group: string | null;
  readonly brand: string | null;
}

export interface MappedProduct {
  readonly externalId: string;
  readonly sku: string;
  readonly group: string | null;
  readonly brand: string | null;
}
