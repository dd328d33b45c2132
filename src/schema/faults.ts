import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { FAULTS, type FaultCode, HubError, type InputFault } from '../domain/shared/errors.ts';

/** What a caller sees of a fault. */
export interface ShownFault extends GraphQLFormattedError {
  readonly extensions: { readonly code: FaultCode; readonly [more: string]: unknown };
}

/** graphql-js tells by the text alone that an argument was given null where its type forbids it. */
const NULL_ARGUMENT = /^Argument "([^"]+)" of (?:non-null|required) type/;

/** Faults found before execution, by the codes that Apollo Server gives them. */
const OF_FORM = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Turns whatever was thrown into one entry of the closed table. */
export type ShowFault = (error: unknown) => ShownFault;

/** What is nobody's fault but ours is logged and shown by a reference only. `count` is told each code, for the metrics. */
export function faultShower(log: Logger, count: (code: FaultCode) => void): ShowFault {
  return (error) => {
    const shown = showFault(error, log);
    count(shown.extensions.code);
    return shown;
  };
}

function showFault(error: unknown, log: Logger): ShownFault {
  const cause = error instanceof GraphQLError && error.originalError ? error.originalError : error;
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (cause instanceof HubError) return { message: cause.message, ...place, extensions: { code: cause.code, ...inputOf(cause.faults) } };
  if (error instanceof GraphQLError) {
    const shown = shownAlready(error) ?? faultOfForm(error);
    if (shown) return { message: error.message, ...place, extensions: shown };
  }
  if (isUnstorable(cause))
    return {
      message: 'A text of the request holds a character that cannot be kept (U+0000).',
      ...place,
      extensions: { code: 'BAD_USER_INPUT' },
    };
  if (isOutage(cause)) {
    log.warn({ err: cause, path: place.path }, 'a request met a database that could not be reached');
    return {
      message: 'The hub cannot reach its database at the moment. Send the same again shortly, with the same idempotency key.',
      ...place,
      extensions: { code: 'UNAVAILABLE' },
    };
  }
  const reference = randomUUID();
  log.error({ err: cause, reference, path: place.path }, 'a request failed inside the hub');
  return {
    message: `Something went wrong inside the hub. Its log tells more under reference ${reference}.`,
    ...place,
    extensions: { code: 'INTERNAL', reference },
  };
}

/** The fault as an error for executors and protocols that carry errors. */
export function graphqlFault(code: FaultCode, message: string, faults: readonly InputFault[] = []): GraphQLError {
  return new GraphQLError(message, { originalError: new HubError(code, message, faults) });
}

/** The HTTP status that the faults ask for; 200 where they leave it to the response. */
export function statusOf(errors: readonly { readonly extensions?: { readonly code?: unknown } }[] | undefined): number {
  let status = 200;
  for (const { extensions } of errors ?? []) {
    const { httpStatus } = FAULTS[extensions?.code as FaultCode] ?? { httpStatus: 200 };
    if (httpStatus > status) status = httpStatus;
  }
  return status;
}

type Extensions = ShownFault['extensions'];

/** Shown once, asked again: Apollo Server formats what our executor formatted before. */
function shownAlready({ extensions }: GraphQLError): Extensions | undefined {
  const code: unknown = extensions?.['code'];
  return typeof code === 'string' && code in FAULTS && code !== 'BAD_USER_INPUT' ? (extensions as Extensions) : undefined;
}

function faultOfForm(error: GraphQLError): Extensions | undefined {
  // graphql-jit's errors may have none.
  const { code, path, faults } = error.extensions ?? {};
  if (OF_FORM.has(code)) return { code: 'BAD_USER_INPUT', ...(path !== undefined && { path }), ...(faults !== undefined && { faults }) };
  const argument = error.originalError && !(error.originalError instanceof GraphQLError) ? null : NULL_ARGUMENT.exec(error.message);
  if (argument?.[1]) return { code: 'BAD_USER_INPUT', ...inputOf([{ path: argument[1], message: error.message }]) };
  return undefined;
}

function inputOf(faults: readonly InputFault[]): { path?: string; faults?: readonly InputFault[] } {
  const [first] = faults;
  return first ? { path: first.path, faults } : {};
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}

/** PostgreSQL's classes 08, 57P and 53300, and what Node says of a connection that is not there. */
const OUTAGE = /^(?:08\w{3}|57P\d\d|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;
const LOST = /^Connection terminated|^timeout exceeded when trying to connect/;

function isOutage(cause: unknown): boolean {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && OUTAGE.test(code)) || (typeof message === 'string' && LOST.test(message));
}

/** PostgreSQL keeps every character but one. Texts that are looked at before they are stored are refused there, with their path. */
const isUnstorable = (cause: unknown): boolean => ['22021', '22P05'].includes(String((cause as { code?: unknown } | undefined)?.code));
