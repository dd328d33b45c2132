/** What the hub needs to run a connector; a connector itself imports none of it. */
export { authInForce } from './auth/auth.ts';
export { authorizationUrl, verifyCallback } from './auth/authorize.ts';
export { checkConnector } from './check/check-connector.ts';
export type { FailureRule } from './failure.ts';
export { FAILURES, failureOfStatus, failureSchema } from './failure.ts';
export type { CallReport, CredentialSource, GateUse } from './http/caller.ts';
export type { ContextOptions } from './http/create-context.ts';
export { authOf, createAuthCtx, createCtx } from './http/create-context.ts';
export { redactor } from './http/redact.ts';
export type { Transport, TransportOptions } from './http/transport.ts';
export { createTransport } from './http/transport.ts';
export {
  alertSchema,
  hubCustomerSchema,
  hubDocumentSchema,
  hubEventSchema,
  hubOrderSchema,
  journalSchema,
  messageSchema,
  moneySchema,
  publicationSchema,
  refSchema,
  rowSchema,
} from './hub.ts';
export { type SentAnswer, sentAnswer } from './inbound/answer.ts';
export type { Received, ReceiveOptions } from './inbound/receive.ts';
export { bodyLimit, receive, receiveQuestion } from './inbound/receive.ts';
export type { IncomingRequest } from './inbound/request.ts';
export { pairHeaders } from './inbound/request.ts';
export type { KeyRing, Verified, VerifyFault } from './inbound/verify.ts';
export { schemeInForce, VERIFY_FAULTS, verifyByScheme } from './inbound/verify.ts';
export { factSchema, noticeSchema, RESOURCES } from './notices.ts';
export type { Operation, OperationName, Operations, Performing } from './perform.ts';
export { perform } from './perform.ts';
export type { Identified, Ran } from './run.ts';
export type { ParsedSettings, SettingsFault, SettingsResult } from './settings.ts';
export { allSecretNames, appSchema, missingOfApp, parseAppSettings, parseSettings, secretNames, settingsSchema } from './settings.ts';
export type { AnyVerb, NamedVerb, VerbName } from './verb-table.ts';
export { findVerb, VERBS, verbsOf } from './verb-table.ts';
export { inRange, kitVersion } from './version.ts';
