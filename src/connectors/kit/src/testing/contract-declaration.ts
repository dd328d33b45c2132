import assert from 'node:assert/strict';
import { checkConnector } from '../check/check-connector.ts';
import { authOf } from '../http/create-context.ts';
import { runIdentify } from '../run.ts';
import { allSecretNames, parseSettings, settingsSchema } from '../settings.ts';
import { verbsOf } from '../verb-table.ts';
import { onBench, schemeNameOf } from './bench.ts';
import { assertSecretFree, type ContractTest, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import { forgerFor } from './forge.ts';

type Schema = {
  readonly properties: Readonly<Record<string, { readonly writeOnly?: boolean }>>;
  readonly required?: readonly string[];
  readonly $schema: string;
};

function checkSchema({ connector, samples }: Subject): void {
  const schema = JSON.parse(JSON.stringify(settingsSchema(connector))) as Schema;
  assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  const secrets = new Set(allSecretNames(connector));
  for (const [name, property] of Object.entries(schema.properties)) {
    assert.equal(property.writeOnly === true, secrets.has(name), `settings.${name}: writeOnly is for secrets, and for all of them`);
  }
  for (const name of ['environment', 'apiBaseUrl', 'locations', 'tlsCa'])
    assert.ok(name in schema.properties, `the kit's setting ${name} is missing`);
  const keys = Object.fromEntries(
    Object.entries(connector.webhooks ? forgerFor(connector, {}, schemeNameOf(connector, samples)).secrets : {}).filter(([name]) =>
      secrets.has(name),
    ),
  );
  const result = parseSettings(connector, { ...samples.settings, ...keys });
  assert.ok(result.ok, `the sample settings are refused: ${JSON.stringify(result)}`);
  const again = parseSettings(connector, { ...result.parsed.settings, ...result.parsed.secrets });
  assert.deepEqual(again, result, 'settings that were accepted are accepted again, unchanged');
  for (const name of Object.keys(result.parsed.settings))
    assert.ok(!secrets.has(name), `the secret ${name} is among the settings that are shown`);
  for (const name of schema.required ?? []) {
    const { [name]: _left, ...rest } = { ...samples.settings, ...keys } as Record<string, unknown>;
    const without = parseSettings(connector, rest);
    assert.ok(!without.ok && without.faults.some((fault) => fault.path === name), `the required setting ${name} may be left out`);
  }
}

function checkUnknownSetting({ connector, samples }: Subject): void {
  const result = parseSettings(connector, { ...samples.settings, notASetting: 'value-that-must-not-be-repeated' });
  assert.ok(!result.ok, 'a setting that does not exist is accepted');
  assert.deepEqual(
    result.faults.map((fault) => fault.path),
    ['notASetting'],
  );
  assert.ok(!JSON.stringify(result).includes('value-that-must-not-be-repeated'), 'a refusal repeats what was entered');
}

function checkSamples({ connector, samples }: Subject): void {
  const topics = new Set((samples.deliveries ?? []).map((delivery) => delivery.topic));
  for (const topic of connector.webhooks?.topics ?? []) assert.ok(topics.has(topic), `the topic ${topic} has no sample`);
  for (const topic of topics) assert.ok(connector.webhooks?.topics.includes(topic), `the topic ${topic} of a sample is not declared`);
  assert.equal(samples.handshakes?.length ?? 0, connector.webhooks?.handshakes?.length ?? 0, 'every handshake has one sample');
  const verbs = new Set((samples.verbs ?? []).map((sample) => sample.verb));
  const declared = new Set(verbsOf(connector).map(({ name }) => name));
  for (const verb of declared) assert.ok(verbs.has(verb), `the verb ${verb} has no sample`);
  for (const verb of verbs) assert.ok(declared.has(verb), `the verb ${verb} of a sample is not declared`);
  const fetched = new Set<string>((samples.fetches ?? []).map((sample) => sample.resource));
  for (const resource of Object.keys(connector.fetch ?? {})) assert.ok(fetched.has(resource), `fetch.${resource} has no sample`);
  const feeds = new Set((samples.feeds ?? []).map((sample) => sample.feed));
  for (const feed of Object.keys(connector.feeds ?? {})) assert.ok(feeds.has(feed), `the feed ${feed} has no sample`);
  const questions = new Set((samples.questions ?? []).map((sample) => sample.question));
  for (const name of Object.keys(connector.questions ?? {})) assert.ok(questions.has(name), `the question ${name} has no sample`);
  const choices = new Set((samples.choices ?? []).map((sample) => sample.name));
  for (const name of Object.keys(connector.choices ?? {})) assert.ok(choices.has(name), `the choices ${name} have no sample`);
  const subscriptions = connector.webhooks?.subscriptions;
  if (subscriptions && 'ensure' in subscriptions) assert.ok(samples.subscriptions, 'the subscriptions have no sample');
  const parsed = parseSettings(connector, samples.settings);
  if (parsed.ok && authOf(connector, parsed.parsed)?.by === 'token') assert.ok(samples.auth, 'the log-in has no sample');
}

async function checkIdentity({ connector, samples }: Subject): Promise<void> {
  await onBench(connector, samples, PATIENT_MS, async ({ standIn, ctx, secrets }) => {
    standIn.answer(samples.identify.replies);
    const identity = settled(await runIdentify(connector, ctx));
    const accounts = 'choose' in identity ? identity.choose.map(({ account }) => account) : [identity.account];
    assert.ok(accounts.includes(samples.identify.account), `the account is ${accounts.join(' or ')}`);
    assertSecretFree(identity, secrets, 'the identity');
    assertSecretFree({ settings: ctx.settings, facts: ctx.facts }, secrets, 'what the connector can read');
  });
}

export const declarationTests = (subject: Subject): ContractTest[] => [
  { name: 'the declaration has no faults', run: async () => assert.deepEqual(checkConnector(subject.connector), []) },
  { name: 'every topic, handshake, verb, fetch, feed, question and log-in has a sample', run: async () => checkSamples(subject) },
  { name: 'the settings have a schema that hides secrets, and go round unchanged', run: async () => checkSchema(subject) },
  { name: 'a setting that does not exist is refused by name', run: async () => checkUnknownSetting(subject) },
  { name: 'the test call names the account', run: () => checkIdentity(subject) },
];
