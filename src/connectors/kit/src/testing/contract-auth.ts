import assert from 'node:assert/strict';
import { authorizationUrl } from '../auth/authorize.ts';
import { authOf } from '../http/create-context.ts';
import { runAccept, runEnsure, runObtain, runUnsubscribe } from '../run.ts';
import { HOOK_URL, onBench } from './bench.ts';
import { assertSecretFree, type ContractTest, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import type { AuthSample, SubscriptionSample } from './samples.ts';
import type { StandInReply } from './stand-in.ts';

const REDIRECT = 'https://hub.example.com/oauth/callback';
const HAVE = { secrets: { token: 'old-token-of-the-suite', refreshToken: 'old-refresh-token-of-the-suite' } };

const checkObtained = (subject: Subject, sample: AuthSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async ({ standIn, authCtx, secrets, reports }) => {
    standIn.answer(sample.obtain.replies);
    const credential = settled(await runObtain(subject.connector, authCtx, HAVE));
    assert.equal(credential.secrets['token'], sample.obtain.token);
    assertSecretFree({ facts: credential.facts, reports }, { ...secrets, ...credential.secrets }, 'a fact or a report');
  });

async function checkDead(subject: Subject, sample: AuthSample): Promise<void> {
  const dead: readonly StandInReply[] = sample.dead ?? [{ status: 400, body: { error: 'invalid_grant' } }];
  const cases: readonly (readonly [readonly StandInReply[], RegExp])[] = [
    [dead, /^BAD_CREDENTIALS$/],
    [[{ status: 503, body: {} }], /^(PLATFORM_DOWN|TIMEOUT)$/],
    [[{ instead: 'CUT' }], /^PLATFORM_DOWN$/],
    [[{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }], /^(BAD_REPLY|BAD_CREDENTIALS)$/],
  ];
  for (const [replies, code] of cases) {
    await onBench(subject.connector, subject.samples, PATIENT_MS, async ({ standIn, authCtx, secrets }) => {
      standIn.answer(replies);
      const ran = await runObtain(subject.connector, authCtx, HAVE);
      assert.match(ran.ok ? 'a credential' : ran.failure.code, code, `for ${JSON.stringify(replies)}: ${JSON.stringify(ran)}`);
      assertSecretFree(ran, { ...secrets, ...HAVE.secrets }, 'a failure');
    });
  }
}

const checkAgreed = (subject: Subject, sample: AuthSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async ({ standIn, ctx, authCtx, secrets }) => {
    const { callback } = sample;
    assert.ok(callback, 'a person has to agree, and the sample has no callback');
    const given = { settings: ctx.settings as never, secrets, facts: ctx.facts };
    const url = new URL(
      authorizationUrl(subject.connector, given, { state: 'state-1', redirectUri: REDIRECT, challenge: 'challenge-1' }, LEAVE),
    );
    assert.equal(url.searchParams.get('state'), 'state-1');
    assert.equal(url.searchParams.get('redirect_uri'), REDIRECT);
    standIn.answer(callback.replies);
    const credential = settled(
      await runAccept(subject.connector, authCtx, {
        query: { ...callback.query, state: 'state-1' },
        redirectUri: REDIRECT,
        codeVerifier: 'verifier-of-at-least-43-characters-0123456789',
      }),
    );
    assert.ok(credential.secrets['token'], 'there is no token in the credential');
    if (callback.facts) assert.deepEqual(credential.facts, callback.facts);
    const refused = await runAccept(subject.connector, authCtx, {
      query: { error: 'access_denied', state: 'state-1' },
      redirectUri: REDIRECT,
    });
    assert.equal(!refused.ok && refused.failure.code, 'BAD_CREDENTIALS', 'a person who said no was not heard');
  });

const LEAVE = { allowPrivateHosts: true, isPrivate: () => true };

const checkSubscribed = (subject: Subject, sample: SubscriptionSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async ({ standIn, ctx, secrets, reports }) => {
    const { connector } = subject;
    const want = { url: HOOK_URL, topics: connector.webhooks?.topics ?? [], newSecret: Buffer.alloc(32, 7).toString('base64') };
    standIn.answer(sample.replies);
    const made = settled(await runEnsure(connector, ctx, want, []));
    assert.deepEqual(
      made.map(({ id }) => id),
      sample.ids,
    );
    for (const { url } of made) assert.equal(url, HOOK_URL, 'a subscription leads elsewhere');
    standIn.answer(sample.again);
    const again = settled(
      await runEnsure(
        connector,
        ctx,
        want,
        made.map(({ secrets: _own, ...rest }) => rest),
      ),
    );
    assert.deepEqual(
      again.map(({ id }) => id),
      sample.ids,
      'subscribing twice is not subscribing once',
    );
    standIn.answer(sample.remove);
    settled(await runUnsubscribe(connector, ctx, again));
    assertSecretFree(reports, secrets, 'a report');
  });

export function authTests(subject: Subject): ContractTest[] {
  const { auth, settings, subscriptions } = subject.samples;
  const inForce = authOf(subject.connector, { settings: settings as never, secrets: settings as never });
  return [
    ...(auth
      ? [
          { name: 'a credential is obtained', run: () => checkObtained(subject, auth) },
          { name: 'a dead grant, a platform that is down and garbage are told apart when logging in', run: () => checkDead(subject, auth) },
        ]
      : []),
    ...(auth && inForce?.authorize
      ? [{ name: 'what a person agreed to becomes a credential', run: () => checkAgreed(subject, auth) }]
      : []),
    ...(subscriptions
      ? [{ name: 'subscriptions are made once, kept, and removed', run: () => checkSubscribed(subject, subscriptions) }]
      : []),
  ];
}
