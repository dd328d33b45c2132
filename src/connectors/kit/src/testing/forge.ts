import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import type { Connector } from '../connector.ts';
import type { IncomingRequest } from '../inbound/request.ts';
import { signedBytes } from '../inbound/verify.ts';
import { keyBytes } from '../key-bytes.ts';
import type { Key, Part, Place, SignatureList, Verification } from '../verification.ts';

/** A request before it is signed. */
export interface Draft {
  readonly url: string;
  readonly body: string | Uint8Array;
  readonly method?: string;
  readonly query?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** What the signed time says, where the scheme has one: milliseconds since 1970. */
  readonly at: number;
}

/** Signs as the platform does. */
export interface Forger {
  /** What to enter in the settings so that the forgeries are taken. */
  readonly secrets: Readonly<Record<string, string>>;
  sign(draft: Draft): IncomingRequest;
}

type SignedScheme = Extract<Verification, { readonly signed: unknown }>;
type TokenScheme = Extract<Verification, { readonly by: 'jwt' }>;

interface Signer {
  readonly secrets: Readonly<Record<string, string>>;
  /** The scheme's own key where there is one in private. */
  readonly privateKey?: KeyObject;
}

const invented = ({ decode, prefix = '' }: Key): string =>
  `${prefix}${decode === 'base64' ? randomBytes(32).toString('base64') : randomBytes(24).toString('hex')}`;

function signerFor(scheme: Verification, known: Readonly<Record<string, string>>): Signer {
  if (scheme.by === 'ecdsa' || scheme.by === 'ed25519') {
    const pair = scheme.by === 'ecdsa' ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' }) : generateKeyPairSync('ed25519');
    const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    return { secrets: { [scheme.key.secret]: publicKey }, privateKey: pair.privateKey };
  }
  if (scheme.by === 'jwt' && 'jwks' in scheme.key) return jwksSigner(scheme);
  const keys = scheme.by === 'basic' ? [scheme.user, scheme.password] : [scheme.key as Key];
  const ids = keys.flatMap((key) => (key.id === undefined ? [] : [[key.id.secret, known[key.id.secret] ?? randomUUID()] as const]));
  return {
    secrets: { ...Object.fromEntries(ids), ...Object.fromEntries(keys.map((key) => [key.secret, known[key.secret] ?? invented(key)])) },
  };
}

/** Key sets are looked up under `jwks:<host><path>`, as the hub keeps them. */
function jwksSigner(scheme: TokenScheme): Signer {
  if (!('jwks' in scheme.key)) throw new Error('The scheme has no published keys.');
  const [algorithm = 'RS256'] = scheme.algorithms;
  const pair =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { host, path, pem } = scheme.key.jwks;
  const published =
    pem === undefined
      ? { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), alg: algorithm, use: 'sig', kid: 'key-1' }] }
      : { [pem]: pair.publicKey.export({ format: 'pem', type: 'spki' }) };
  return { secrets: { [`jwks:${host}${path}`]: JSON.stringify(published) }, privateKey: pair.privateKey };
}

function jwt(scheme: TokenScheme, claims: object, signer: Signer, at: number): string {
  const [algorithm = 'HS256'] = scheme.algorithms;
  const seconds = Math.floor(at / 1000);
  const payload = {
    iat: seconds,
    exp: seconds + 300,
    ...(scheme.issuer === undefined ? {} : { iss: scheme.issuer }),
    ...(scheme.audience === undefined ? {} : { aud: scheme.audience }),
    ...claims,
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: algorithm, typ: 'JWT', ...(signer.privateKey ? { kid: 'key-1' } : {}) })}.${part(payload)}`;
  if (!signer.privateKey) {
    const key = scheme.key as Key;
    const secret = keyBytes(key, signer.secrets[key.secret] ?? '');
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
  }
  return `${head}.${sign('sha256', Buffer.from(head), { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The request with a value put at a place. A `headerField` joins the fields that are there. */
function withValue(request: IncomingRequest, place: Place | SignatureList, value: string): IncomingRequest {
  if ('headerList' in place) return withValue(request, { header: place.headerList, after: place.after }, value);
  if ('query' in place) {
    const query = new URLSearchParams(request.query);
    query.set(place.query, value);
    return { ...request, query: query.toString() };
  }
  if ('field' in place) {
    const body = JSON.parse(Buffer.from(request.body).toString('utf8')) as Record<string, unknown>;
    return { ...request, body: Buffer.from(JSON.stringify({ ...body, [place.field]: value })) };
  }
  const name = 'header' in place ? place.header : place.headerField;
  const before = request.headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1];
  const text =
    'header' in place ? `${place.after ?? ''}${value}` : [...(before === undefined ? [] : [before]), `${place.name}=${value}`].join(',');
  return { ...request, headers: [...request.headers.filter(([header]) => header.toLowerCase() !== name.toLowerCase()), [name, text]] };
}

/** Headers that are signed along and that the draft does not bring, such as the id of a delivery, are invented. */
function withSignedHeaders(request: IncomingRequest, parts: readonly Part[]): IncomingRequest {
  const there = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const missing = parts.filter((part) => typeof part === 'object' && 'header' in part && !there.has(part.header.toLowerCase()));
  return missing.reduce((built: IncomingRequest, part) => withValue(built, part as Place, randomUUID()), request);
}

function timed(request: IncomingRequest, scheme: Verification, at: number): IncomingRequest {
  if (!('time' in scheme) || !scheme.time) return request;
  const { unit } = scheme.time;
  const value = unit === 'iso' ? new Date(at).toISOString() : String(unit === 's' ? Math.floor(at / 1000) : at);
  return withValue(request, scheme.time.at, value);
}

function signature(request: IncomingRequest, scheme: SignedScheme, signer: Signer): string {
  const secret = keyBytes(scheme.key, signer.secrets[scheme.key.secret] ?? '');
  const bytes = signedBytes(request, scheme.signed, secret);
  if (!bytes) throw new Error('A signed part is missing in the draft: give its header, query or member.');
  const encoding = scheme.encoding === 'hex' ? 'hex' : 'base64';
  if (scheme.by === 'hmac') return createHmac(scheme.hash, secret).update(bytes).digest(encoding);
  if (scheme.by === 'hash') return createHash(scheme.hash).update(bytes).digest(encoding);
  if (!signer.privateKey) throw new Error('There is no private key.');
  const key = {
    key: signer.privateKey,
    dsaEncoding: scheme.by === 'ecdsa' && scheme.form === 'p1363' ? ('ieee-p1363' as const) : ('der' as const),
  };
  return sign(scheme.by === 'ecdsa' ? scheme.hash : null, bytes, key).toString(encoding);
}

/** A signer for one scheme. Secrets that are not `known` are invented; key pairs always are. */
export function forger(scheme: Verification, known: Readonly<Record<string, string>> = {}): Forger {
  const signer = signerFor(scheme, known);
  const secretOf = (key: Key): string => signer.secrets[key.secret] ?? '';
  return {
    secrets: signer.secrets,
    sign(draft) {
      const request: IncomingRequest = {
        method: draft.method ?? 'POST',
        url: draft.url,
        query: draft.query ?? '',
        headers: draft.headers ?? [['content-type', 'application/json']],
        body: typeof draft.body === 'string' ? Buffer.from(draft.body) : draft.body,
      };
      switch (scheme.by) {
        case 'token':
          return withValue(request, scheme.at, secretOf(scheme.key));
        case 'urlSecret':
          return withValue(request, { query: scheme.query }, secretOf(scheme.key));
        case 'basic': {
          const pair = Buffer.from(`${secretOf(scheme.user)}:${secretOf(scheme.password)}`).toString('base64');
          return withValue(request, { header: 'authorization', after: 'Basic ' }, pair);
        }
        case 'jwt': {
          if (scheme.token !== 'body') return withValue(request, scheme.token, jwt(scheme, {}, signer, draft.at));
          const claims = JSON.parse(Buffer.from(request.body).toString('utf8')) as object;
          return { ...request, body: Buffer.from(jwt(scheme, claims, signer, draft.at)) };
        }
        default: {
          const stamped = timed(withSignedHeaders(request, scheme.signed), scheme, draft.at);
          const { id } = scheme.key;
          const named = id === undefined ? stamped : withValue(stamped, id.at, signer.secrets[id.secret] ?? '');
          return withValue(named, scheme.signature, signature(named, scheme, signer));
        }
      }
    },
  };
}

const chosen = (
  verify: Verification | readonly (Verification & { readonly whenSet: string })[],
  whenSet?: string,
): Verification | undefined => {
  if (!('length' in verify)) return verify;
  return whenSet === undefined ? verify[0] : verify.find((choice) => choice.whenSet === whenSet);
};

/** A signer for a connector's webhooks by its declaration: its only scheme, or the one in its list whose `whenSet` is named. */
export function forgerFor(connector: Connector, known: Readonly<Record<string, string>> = {}, whenSet?: string): Forger {
  const verify = connector.webhooks?.verify;
  const scheme = verify && chosen(verify, whenSet);
  if (!scheme) throw new Error(`${connector.id} takes no webhooks${whenSet === undefined ? '' : ` by ${whenSet}`}.`);
  return forger(scheme, known);
}

/** The same for one of its questions. */
export function questionForger(connector: Connector, name: string, known: Readonly<Record<string, string>> = {}): Forger {
  const verify = connector.questions?.[name]?.verify;
  const scheme = verify && chosen(verify);
  if (!scheme) throw new Error(`${connector.id} has no question ${name}.`);
  return forger(scheme, known);
}
