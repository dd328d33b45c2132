/** For the tests of connectors, in this repository and outside: the contract suite, a signer, and a stand-in for a platform. */
import type { Connector } from '../connector.ts';
import { authTests } from './contract-auth.ts';
import { callTests } from './contract-calls.ts';
import { declarationTests } from './contract-declaration.ts';
import { feedTests } from './contract-feeds.ts';
import { questionTests } from './contract-questions.ts';
import type { ContractTest } from './contract-test.ts';
import { webhookTests } from './contract-webhooks.ts';
import type { ConnectorSamples } from './samples.ts';

export { authorizationUrl, verifyCallback } from '../auth/authorize.ts';
export { createAuthCtx, createCtx } from '../http/create-context.ts';
export { createTransport } from '../http/transport.ts';
export { sentAnswer } from '../inbound/answer.ts';
export { receive, receiveQuestion } from '../inbound/receive.ts';
export { type IncomingRequest, pairHeaders } from '../inbound/request.ts';
export {
  runAbout,
  runAccept,
  runAnswer,
  runChoices,
  runEnsure,
  runFeed,
  runFeedStart,
  runFetch,
  runFind,
  runIdentify,
  runLocations,
  runNamedVerb,
  runNarrow,
  runObtain,
  runRead,
  runRevoke,
  runSplit,
  runUnsubscribe,
  runVerb,
} from '../run.ts';
export { parseSettings } from '../settings.ts';
export { deskOf } from './contract-questions.ts';
export type { ContractTest } from './contract-test.ts';
export type { Draft, Forger } from './forge.ts';
export { forger, forgerFor, questionForger } from './forge.ts';
export type { HubDoor, HubDoorOptions } from './hub-door.ts';
export { startHubDoor } from './hub-door.ts';
export type { Fault, Platform, PlatformOptions, PlatformReply, PlatformRequest, Route } from './platform.ts';
export { deliver, pageOf, startPlatform, tokenDesk } from './platform.ts';
export type {
  AuthSample,
  ConnectorSamples,
  DeliverySample,
  FeedSample,
  FetchSample,
  HandshakeSample,
  QuestionSample,
  SubscriptionSample,
  VerbSample,
} from './samples.ts';
export type { StandIn, StandInReply, StandInRequest } from './stand-in.ts';
export { startStandIn } from './stand-in.ts';

/**
 * What every connector has to keep, as tests for any runner: `for (const { name, run } of contractTests(connector, samples)) test(name, run);`.
 * They listen on 127.0.0.1 and call nothing else.
 */
export const contractTests = (connector: Connector, samples: ConnectorSamples): readonly ContractTest[] => {
  const subject = { connector, samples };
  return [
    ...declarationTests(subject),
    ...authTests(subject),
    ...webhookTests(subject),
    ...questionTests(subject),
    ...feedTests(subject),
    ...callTests(subject),
  ];
};
