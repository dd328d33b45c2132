import { badInput } from '../domain/shared/errors.ts';
import type { IssueCommand } from '../domain/voucher/issuing.types.ts';
import { customerRef } from './order.parse.ts';
import type { IssueVoucherInput } from './voucher.inputs.ts';

export function issueCommand(input: IssueVoucherInput): IssueCommand {
  const customer = customerRef(input.customer);
  if (!customer) throw badInput({ path: 'input.customer', message: 'Name the customer by id, phone or e-mail.' });
  return {
    idempotencyKey: input.idempotencyKey,
    campaignId: input.campaignId,
    customer,
    validFrom: input.validFrom ?? null,
    validUntil: input.validUntil ?? null,
  };
}
