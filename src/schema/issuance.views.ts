import type { Issuance as IssuanceTerms } from '../domain/campaign/campaign.types.ts';
import { conditionsView } from './conditions.views.ts';
import { scopeView } from './incentive.views.ts';
import type { Issuance } from './issuance.results.ts';

export const issuanceView = (terms: IssuanceTerms): Issuance => ({
  conditions: conditionsView(terms.conditions),
  scope: terms.scope ? scopeView(terms.scope) : null,
  count: terms.count,
  everyAmount: terms.everyAmount ?? null,
  maximumPerOrder: terms.maximumPerOrder ?? null,
  validAfter: terms.validAfter ?? null,
  validFor: terms.validFor ?? null,
});
