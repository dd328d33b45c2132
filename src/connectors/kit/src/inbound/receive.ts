import { createHash } from 'node:crypto';
import type { Connector } from '../connector.ts';
import type { Delivery, Handshake, Sign } from '../notices.ts';
import type { Plain } from '../plain.ts';
import type { Question } from '../questions.ts';
import type { Verification } from '../verification.ts';
import { bodyText, findAt, headerValues, type IncomingRequest, mediaType, tryJson } from './request.ts';
import { type KeyRing, schemeInForce, VERIFY_FAULTS, type VerifyFault, verifyByScheme } from './verify.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_DECLARED_BODY_BYTES = 10_000_000;

export interface ReceiveOptions {
  readonly keys: KeyRing;
  readonly nowMs: number;
}

export type Received =
  /** Store it, answer 200, work it later. */
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** Answer with `body` as text/plain and do nothing else; show `note` to a person. */
  | { readonly kind: 'handshake'; readonly body: string; readonly note?: string }
  | { readonly kind: 'refused'; readonly status: 401; readonly fault: VerifyFault; readonly message: string }
  | { readonly kind: 'refused'; readonly status: 400 | 413; readonly fault: 'NOT_PARSEABLE' | 'TOO_LARGE'; readonly message: string };

/** The largest body that is worth reading for this connector, in bytes. */
export const bodyLimit = (connector: Connector): number =>
  Math.min(connector.webhooks?.maxBytes ?? MAX_BODY_BYTES, MAX_DECLARED_BODY_BYTES);

function signFound(request: IncomingRequest, sign: Sign): boolean {
  const found = findAt(request, 'at' in sign ? sign.at : sign);
  return typeof found === 'object' && (!('at' in sign) || found.value === sign.is);
}

const matchesHandshake = (request: IncomingRequest, handshake: Handshake): boolean =>
  handshake.method === request.method.toUpperCase() &&
  handshake.when.every((sign) => signFound(request, sign)) &&
  !(handshake.unless ?? []).some((sign) => signFound(request, sign));

function shake(request: IncomingRequest, handshake: Handshake): Received {
  const read = (place: Handshake['echo']): string | undefined => {
    const found = place && findAt(request, place);
    return typeof found === 'object' ? found.value : undefined;
  };
  const note = read(handshake.noteForPerson);
  return { kind: 'handshake', body: read(handshake.echo) ?? '', ...(note === undefined ? {} : { note }) };
}

/** What of a declaration says how bodies are read. */
type Bodies = Question['body'];

/** By content type where the request has one that is declared, else by what is declared first. */
function parseBody(declared: Bodies, request: IncomingRequest): Plain | undefined {
  if (request.body.length === 0 && declared.includes('empty')) return null;
  const isForm = mediaType(request) === 'application/x-www-form-urlencoded';
  const kinds = declared.filter((body) => body !== 'empty');
  const kind = kinds.find((body) => (body !== 'json') === isForm) ?? kinds[0];
  const text = bodyText(request);
  if (text === undefined || kind === undefined) return undefined;
  if (kind === 'json') return tryJson(text);
  const fields = [...new URLSearchParams(text)];
  if (new Set(fields.map(([name]) => name)).size !== fields.length) return undefined;
  const form: Readonly<Record<string, string>> = Object.fromEntries(fields);
  if (kind === 'form') return form;
  const inner = form[kind.formField];
  return inner === undefined ? undefined : tryJson(inner);
}

/** What a plugin must not see, or would only be tempted to check itself. */
const WITHHELD = new Set(['authorization', 'cookie', 'proxy-authorization']);

function deliveryOf(request: IncomingRequest, body: Plain, scheme: Verification, nowMs: number): Delivery {
  const hint = scheme.by === 'token' || scheme.by === 'basic' || scheme.by === 'urlSecret';
  const tokens = scheme.by === 'token' && 'header' in scheme.at ? [scheme.at.header, scheme.at.or].map((name) => name?.toLowerCase()) : [];
  const secretQuery =
    scheme.by === 'urlSecret' ? scheme.query : scheme.by === 'token' && 'query' in scheme.at ? scheme.at.query : undefined;
  const names = [...new Set(request.headers.map(([name]) => name.toLowerCase()))].filter(
    (name) => !WITHHELD.has(name) && !tokens.includes(name),
  );
  return {
    method: request.method.toUpperCase(),
    headers: Object.fromEntries(names.map((name) => [name, headerValues(request, name).join(', ')])),
    query: Object.fromEntries([...new URLSearchParams(request.query)].filter(([name]) => name !== secretQuery)),
    body,
    bodyHash: createHash('sha256').update(request.body).digest('hex'),
    receivedAt: new Date(nowMs).toISOString(),
    signed: !hint,
  };
}

const unsigned = (fault: VerifyFault): Received => ({ kind: 'refused', status: 401, fault, message: VERIFY_FAULTS[fault] });

/** A body in the form that is declared, proven by the scheme in force. */
async function proven(
  scheme: Verification | undefined,
  bodies: Bodies,
  request: IncomingRequest,
  { keys, nowMs }: ReceiveOptions,
): Promise<Received> {
  if (!scheme) return unsigned('NO_SCHEME');
  const verified = await verifyByScheme(scheme, request, keys, nowMs);
  if (!verified.ok) return unsigned(verified.fault);
  const isPost = request.method.toUpperCase() === 'POST';
  const body = verified.claims === undefined ? (isPost ? parseBody(bodies, request) : undefined) : (verified.claims as Plain);
  if (body === undefined) {
    return { kind: 'refused', status: 400, fault: 'NOT_PARSEABLE', message: 'The body is not in the form that this platform sends.' };
  }
  return { kind: 'delivery', delivery: deliveryOf(request, body, scheme, nowMs) };
}

const tooLarge = (connector: Connector, request: IncomingRequest): Received | undefined =>
  request.body.length > bodyLimit(connector)
    ? { kind: 'refused', status: 413, fault: 'TOO_LARGE', message: `A body of at most ${bodyLimit(connector)} bytes is taken.` }
    : undefined;

/** Takes a request to a connector's webhook address: size, handshakes, signature, form, in this order. Never throws for what was sent. */
export async function receive(connector: Connector, request: IncomingRequest, options: ReceiveOptions): Promise<Received> {
  const { webhooks } = connector;
  const large = tooLarge(connector, request);
  if (large) return large;
  const handshake = webhooks?.handshakes?.find((candidate) => matchesHandshake(request, candidate));
  if (handshake && !handshake.signed) return shake(request, handshake);
  const scheme = webhooks && schemeInForce(webhooks.verify, (setting) => options.keys(setting).length > 0);
  if (!scheme || !webhooks) return unsigned('NO_SCHEME');
  if (!handshake) return proven(scheme, webhooks.body, request, options);
  const verified = await verifyByScheme(scheme, request, options.keys, options.nowMs);
  return verified.ok ? shake(request, handshake) : unsigned(verified.fault);
}

/** Takes a request to one of a connector's questions: size, signature, form. */
export async function receiveQuestion(
  connector: Connector,
  name: string,
  request: IncomingRequest,
  options: ReceiveOptions,
): Promise<Received> {
  const question = connector.questions?.[name];
  const large = tooLarge(connector, request);
  if (large || !question) return large ?? unsigned('NO_SCHEME');
  return proven(
    schemeInForce(question.verify, (setting) => options.keys(setting).length > 0),
    question.body,
    request,
    options,
  );
}
