/** For the tests of connectors, in this repository and outside: the contract suite, a signer, and a stand-in for a platform. */
import type { Connector } from '../connector.ts';
import { callTests } from './contract-calls.ts';
import { declarationTests } from './contract-declaration.ts';
import type { ContractTest } from './contract-test.ts';
import { webhookTests } from './contract-webhooks.ts';
import type { ConnectorSamples } from './samples.ts';

export { createCtx } from '../http/create-context.ts';
export { createTransport } from '../http/transport.ts';
export { receive } from '../inbound/receive.ts';
export { type IncomingRequest, pairHeaders } from '../inbound/request.ts';
export { runFetch, runIdentify, runLocations, runRead, runSplit, runVerb } from '../run.ts';
export { parseSettings } from '../settings.ts';
export type { ContractTest } from './contract-test.ts';
export type { Draft, Forger } from './forge.ts';
export { forger, forgerFor } from './forge.ts';
export type { ConnectorSamples, DeliverySample, FetchSample, HandshakeSample, VerbSample } from './samples.ts';
export type { StandIn, StandInReply, StandInRequest } from './stand-in.ts';
export { startStandIn } from './stand-in.ts';

/**
 * What every connector has to keep, as tests for any runner: `for (const { name, run } of contractTests(connector, samples)) test(name, run);`.
 * They listen on 127.0.0.1 and call nothing else.
 */
export const contractTests = (connector: Connector, samples: ConnectorSamples): readonly ContractTest[] => {
  const subject = { connector, samples };
  return [...declarationTests(subject), ...webhookTests(subject), ...callTests(subject)];
};
