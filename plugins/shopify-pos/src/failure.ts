import {
  CallError,
  durationOf,
  type Failure,
  type FailureCode,
  failureOfStatus,
  type Pace,
  type Plain,
  type Reply,
} from '@valehub/connector-kit';
import * as schemas from './schemas.ts';

/** The limit in points, by its name in the declaration. */
export const POINTS = 'points';

/** What a shop may keep to itself within what is asked for: an order without it is still an order. All else that is denied is a missing right. */
const DISPENSABLE = new Set([
  'customer',
  'defaultEmailAddress',
  'defaultPhoneNumber',
  'device',
  'email',
  'firstName',
  'lastName',
  'phone',
  'product',
  'staffMember',
  'variant',
]);

const CODES: Readonly<Record<string, FailureCode>> = {
  THROTTLED: 'RATE_LIMITED',
  ACCESS_DENIED: 'FORBIDDEN_SCOPE',
  SHOP_INACTIVE: 'TARGET_GONE',
  INTERNAL_SERVER_ERROR: 'PLATFORM_DOWN',
  INVALID_VARIABLE: 'BAD_INPUT',
  MAX_COST_EXCEEDED: 'NOT_SUPPORTED',
};

/** GraphQL answers 200 whatever happened; other statuses say more in their body than by their number. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  if (code === undefined) return graphqlFailure(reply);
  const told = schemas.plainErrors.safeParse(reply.body);
  if (!told.success) return undefined;
  const { errors } = told.data;
  const words = typeof errors === 'string' ? errors : JSON.stringify(errors);
  return {
    code,
    message: `Shopify answered ${reply.status}: ${words}`,
    ...(code === 'TIMEOUT' ? { unknown: true } : {}),
    ...reference(reply),
  };
}

function graphqlFailure(reply: Reply): Failure | undefined {
  const told = schemas.graphqlErrors.safeParse(reply.body);
  if (!told.success) return undefined;
  const { data, errors } = told.data;
  const [first] = data === undefined || data === null ? errors : errors.filter((error) => !isDispensable(error));
  if (!first) return undefined;
  const code = codeOf(first);
  return {
    code,
    message: `Shopify says: ${first.message}`,
    ...(code === 'RATE_LIMITED' ? { wait: durationOf(waitMs(reply.body)) } : {}),
    ...(code === 'PLATFORM_DOWN' ? { unknown: true } : {}),
    ...reference(reply),
  };
}

/** What is no word of the table is a document that Shopify does not understand: ours to mend. */
function codeOf({ message, extensions }: schemas.GraphqlError): FailureCode {
  if (/invalid cursor/i.test(message)) return 'CURSOR_LOST';
  return CODES[extensions?.code ?? ''] ?? 'BAD_REPLY';
}

function isDispensable({ extensions, path }: schemas.GraphqlError): boolean {
  const names = (path ?? []).filter((step) => typeof step === 'string');
  return extensions?.code === 'ACCESS_DENIED' && names.length > 1 && DISPENSABLE.has(names.at(-1) ?? '');
}

const reference = ({ headers }: Reply): { readonly reference?: string } =>
  headers['x-request-id'] === undefined ? {} : { reference: headers['x-request-id'] };

/** Until the bucket holds what was asked for; it fills by the second. */
function waitMs(body: Plain): number {
  const told = schemas.cost.safeParse(body);
  if (!told.success) return 1_000;
  const { requestedQueryCost, throttleStatus } = told.data.extensions.cost;
  const lacking = (requestedQueryCost ?? throttleStatus.restoreRate) - throttleStatus.currentlyAvailable;
  return Math.max(1_000, Math.ceil((lacking * 1_000) / throttleStatus.restoreRate));
}

/** Every reply tells what is left in the bucket. */
export function pace(reply: Reply): readonly Pace[] {
  const told = schemas.cost.safeParse(reply.body);
  if (!told.success) return [];
  return [{ limit: POINTS, remaining: Math.max(0, Math.floor(told.data.extensions.cost.throttleStatus.currentlyAvailable)) }];
}

/** A mutation that was understood and not done: for whoever sent it, unless Shopify blames itself. */
export function throwRefused(errors: schemas.UserErrors, conceal: readonly string[] = []): void {
  const [first] = errors;
  if (!first) return;
  const code: FailureCode = first.code === 'INTERNAL_ERROR' ? 'PLATFORM_DOWN' : first.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_INPUT';
  const words = conceal.reduce((message, secret) => message.replaceAll(secret, '[code]'), first.message);
  const path = first.field?.join('.');
  throw new CallError({
    code,
    message: `Shopify refused it: ${words}`,
    ...(path ? { path } : {}),
    ...(code === 'PLATFORM_DOWN' ? { unknown: true } : {}),
  });
}
