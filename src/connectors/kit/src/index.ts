/** What a connector is written with. The host's side is in `./host`, the suite in `./testing`. */
export { z } from 'zod';
export type { Auth, AuthChoice, Authorize, Callback, Credential, Placing } from './auth/auth.ts';
export { BEARER_TOKEN, bearer, headersAuth, noAuth, signedAuth, tokenAuth } from './auth/auth.ts';
export type { ClientCredentialsOptions, OAuth2CodeOptions, TokenEndpoint, TokenRefusal, TokenReply } from './auth/oauth2.ts';
export { clientCredentials, oauth2Code, pkcePair } from './auth/oauth2.ts';
export type { CallPart, Signing, SigningKey } from './auth/signing.ts';
export type { Capabilities, CapabilityKey, Publishing, Support } from './capabilities.ts';
export { CAPABILITY_KEYS } from './capabilities.ts';
export type { ApiVersion, Choice, Connector, HostRule, Identity, Limit, Pace, PlatformLocation } from './connector.ts';
export { defineConnector } from './connector.ts';
export type { Answer, AuthCtx, Call, ConnectedStore, Ctx, Reply } from './context.ts';
export type { Failure, FailureCode } from './failure.ts';
export { CallError, FAILURES, failureOfStatus } from './failure.ts';
export type { DayWindow, Feed, FeedPage, TimeWindow } from './feeds.ts';
export type {
  Alert,
  Applied,
  Apply,
  HubCustomer,
  HubDiscount,
  HubDocument,
  HubEvent,
  HubLine,
  HubOrder,
  HubOrderDiscount,
  HubPayment,
  HubRefund,
  Journal,
  Message,
  Money,
  MoreCodes,
  Publication,
  Ref,
  Revision,
  Row,
} from './hub.ts';
export { alertSchema, hubCustomerSchema, hubEventSchema, hubOrderSchema, messageSchema } from './hub.ts';
export { doInTurn, inTurn } from './in-turn.ts';
export type { ExactNumber, JsonBody } from './json.ts';
export { exactDecimal, exactId, exactNumber, instantText, JsonError, minorMoney, parseExactJson } from './json.ts';
export type { MoneyKit } from './money.ts';
export { moneyKit } from './money.ts';
export type {
  Delivery,
  Fact,
  Fetch,
  Handshake,
  Notice,
  Resource,
  Sign,
  Subscribing,
  Subscription,
  WantedSubscriptions,
  Webhooks,
} from './notices.ts';
export { path } from './path.ts';
export { withoutAddresses } from './personal.ts';
export type { Awaitable, Day, Duration, Instant, Plain } from './plain.ts';
export type { About, Desk, DeskOrder, DeskOutcome, Question } from './questions.ts';
export type { KitSettings, Readable, Secret } from './settings.ts';
export { secret } from './settings.ts';
export type { TimeKit } from './time.ts';
export { durationMs, durationOf, timeKit } from './time.ts';
export type { Action, Job, Outcome, Repeat, RoleName, Roles, Source, Step, Verb } from './verbs.ts';
export type {
  Hash,
  Key,
  Part,
  Place,
  PublishedKeys,
  SignatureList,
  SignedTime,
  Verification,
  VerificationChoice,
} from './verification.ts';
