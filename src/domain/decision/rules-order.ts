import { conditionHolds } from './condition-expression.ts';
import { ownersOf } from './counters.ts';
import type { Rule } from './rule.types.ts';

/** As tills and platforms write the names of methods differently. */
const methodKey = (method: string): string => method.normalize('NFC').trim().toLowerCase();

/** One payment by one of the methods is enough. An order that does not say how it is paid is refused: what is not known is not granted. */
export const rightPaymentMethod: Rule = ({ input, campaign }, refuse) => {
  for (const { conditions } of ownersOf(campaign)) {
    const { paymentMethods } = conditions;
    if (paymentMethods === undefined) continue;
    const wanted = new Set(paymentMethods.map(methodKey));
    const payments = input.payments ?? [];
    if (payments.some(({ method }) => wanted.has(methodKey(method)))) continue;
    refuse('WRONG_PAYMENT_METHOD', { methods: paymentMethods, ...(payments.length === 0 && { unknown: true }) });
  }
};

export const conditionMet: Rule = (candidate, refuse) => {
  for (const { name, conditions } of ownersOf(candidate.campaign))
    if (conditions.expression !== undefined && !conditionHolds(conditions.expression, candidate)) refuse('CONDITION_NOT_MET', { name });
};
