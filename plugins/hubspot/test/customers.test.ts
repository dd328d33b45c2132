import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ctx, Fact, HubCustomer, Notice } from '@valehub/connector-kit';
import { forgerFor, receive, runFeed, runFetch, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect, NOW, transport } from './connected.ts';
import { event } from './samples.ts';
import { CREDENTIALS, type HubSpotStandIn, startHubSpot } from './stand-in.ts';

let now = NOW;
let hubspot: HubSpotStandIn;
let ctx: Ctx;

beforeEach(async () => {
  now = NOW;
  hubspot = await startHubSpot({ now: () => now });
  ctx = connect(hubspot);
});
afterEach(() => hubspot.close());
afterAll(() => transport.close());

const instant = (ms: number) => new Date(ms).toISOString();

async function customers(from: number, to: number): Promise<readonly HubCustomer[]> {
  const all: HubCustomer[] = [];
  let page: string | undefined;
  do {
    const ran = await runFeed(connector, ctx, 'contacts', {
      from: instant(from),
      to: instant(to),
      ...(page === undefined ? {} : { page }),
    });
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    all.push(...ran.value.facts.flatMap((fact) => (fact.kind === 'customer' ? [fact.customer] : [])));
    page = ran.value.next;
  } while (page !== undefined);
  return all;
}

async function fetched(id: string): Promise<Fact | undefined> {
  const ran = await runFetch(connector, ctx, 'customer', [id]);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value[0];
}

describe('a contact', () => {
  test('is a customer of the hub', async () => {
    const id = hubspot.addContact({
      email: 'Ana@Example.com',
      firstname: 'Ana',
      lastname: 'García',
      phone: '+34 (600) 000-001',
      hs_email_optout: 'true',
    });
    expect(await fetched(id)).toEqual({
      kind: 'customer',
      customer: {
        externalId: id,
        revision: { at: instant(NOW) },
        name: 'Ana García',
        phone: '+34600000001',
        email: 'ana@example.com',
        consents: { email: false },
      },
    });
  });

  test.each([
    [{ phone: '600 000 001' }, undefined],
    [{ phone: '600 000 001', hs_calculated_phone_number: '+34600000001' }, '+34600000001'],
    [{ phone: '600 000 001', mobilephone: '+34 600 000 002' }, '+34600000002'],
    [{ phone: '+0034' }, undefined],
  ])('with %j has the phone %s: only one that the hub could call', async (values, phone) => {
    const fact = await fetched(hubspot.addContact({ email: 'ana@example.com', ...(values as Record<string, string>) }));
    expect(fact?.kind === 'customer' ? fact.customer.phone : 'none').toBe(phone);
  });

  test('that the hub has made knows its customer, and one that did not unsubscribe has said nothing', async () => {
    ctx = connect(hubspot, { birthdayProperty: 'date_of_birth_text' });
    const id = hubspot.addContact({ firstname: 'Ana', hs_email_optout: 'false', date_of_birth_text: '--05-01' });
    expect(await fetched(id)).toMatchObject({ customer: { externalId: id, name: 'Ana', birthday: '--05-01' } });
    expect(await fetched(id)).not.toHaveProperty('customer.consents');
  });

  test('that is not there is gone', async () => {
    const id = hubspot.addContact({ email: 'ana@example.com' });
    hubspot.deleteContact(id);
    expect(await fetched(id)).toEqual({ kind: 'gone', resource: 'customer', id });
  });
});

describe('the feed of contacts', () => {
  test('reads what was changed in the window, page by page, each once', async () => {
    for (let index = 0; index < 450; index += 1) {
      now = NOW + index * 1000;
      hubspot.addContact({ email: `guest${index}@example.com` });
    }
    const read = await customers(NOW + 10_000, NOW + 445_000);
    expect(read.map(({ email }) => email)).toEqual(Array.from({ length: 435 }, (_, index) => `guest${index + 10}@example.com`));
    expect(hubspot.requests).toHaveLength(3);
  });

  test('passes the ten thousand that a search shows, even where all were changed in one moment', async () => {
    for (let index = 0; index < 10_150; index += 1) hubspot.addContact({ firstname: `Guest ${index}` });
    expect(await customers(NOW, NOW + 1000)).toHaveLength(10_150);
    expect(hubspot.requests).toHaveLength(51);
  }, 30_000);

  test('ends with a page that is exactly full', async () => {
    for (let index = 0; index < 200; index += 1) hubspot.addContact({ firstname: `Guest ${index}` });
    expect(await customers(NOW, NOW + 1000)).toHaveLength(200);
  });
});

describe('webhooks', () => {
  const forger = forgerFor(connector, { clientSecret: CREDENTIALS.clientSecret }, 'clientSecret');

  async function noticesOf(events: readonly object[]): Promise<readonly Notice[]> {
    const request = forger.sign({ url: 'https://hub.example.com/webhooks/c-1', body: JSON.stringify(events), at: now });
    const received = await receive(connector, request, { keys: (name) => [forger.secrets[name] ?? []].flat(), nowMs: now });
    if (received.kind !== 'delivery') throw new Error(JSON.stringify(received));
    const split = await runSplit(connector, received.delivery);
    if (!split.ok) throw new Error(JSON.stringify(split.failure));
    return split.value;
  }

  async function factsOf(events: readonly object[]): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for (const notice of await noticesOf(events)) {
      const ran = await runRead(connector, ctx, notice);
      if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
      facts.push(...ran.value);
    }
    return facts;
  }

  test('of many accounts in one body are notices of each, and their repeats are known', async () => {
    const events = [
      event('contact.creation'),
      event('contact.creation', { portalId: 9, objectId: 77 }),
      event('contact.propertyChange', { propertyName: 'email' }),
      event('contact.propertyChange', { propertyName: 'phone' }),
    ];
    const notices = await noticesOf(events);
    expect(notices.map(({ account, resource }) => [account, resource])).toEqual([
      ['62515', ['customer', '501']],
      ['9', ['customer', '77']],
      ['62515', ['customer', '501']],
      ['62515', ['customer', '501']],
    ]);
    const again = await noticesOf(events.map((one) => ({ ...one, attemptNumber: 3 })));
    expect(again.map(({ repeat }) => repeat)).toEqual(notices.map(({ repeat }) => repeat));
    expect(new Set(notices.map(({ repeat }) => JSON.stringify(repeat))).size).toBe(4);
  });

  test.each([
    [{ changeSource: 'INTEGRATION', sourceId: '815' }, true],
    [{ changeSource: 'INTEGRATION', sourceId: 815 }, true],
    [{ changeSource: 'INTEGRATION', sourceId: '816' }, undefined],
    [{ changeSource: 'CRM_UI', sourceId: '815' }, undefined],
    [{ changeSource: 'INTEGRATION', sourceId: undefined, appId: undefined }, undefined],
  ])('with %j: the hub’s own change is %s', async (more, ours) => {
    const [notice] = await noticesOf([event('contact.propertyChange', more)]);
    expect(notice?.ours).toBe(ours);
  });

  test('of other records and of kinds nobody knows are kept and lead to nothing', async () => {
    const events = [
      event('deal.creation'),
      event('object.creation', { objectTypeId: '0-3' }),
      event('contact.teleported', { newMember: [1] }),
    ];
    expect((await noticesOf(events)).map(({ topic }) => topic)).toEqual(['deal.creation', 'object.creation', 'contact.teleported']);
    expect(await factsOf(events)).toEqual([]);
    expect(await noticesOf([])).toEqual([]);
  });

  test.each([[{}], [[{ subscriptionType: 'contact.creation' }]], [[event('contact.creation', { portalId: null })]], ['hello']])(
    'whose body %j is not HubSpot’s are refused, to be shown to a person',
    async (body) => {
      await expect(noticesOf(body as readonly object[])).rejects.toThrow('BAD_REPLY');
    },
  );

  test('ask for the erasure of a person who is forgotten, by the number of the contact', async () => {
    const facts = await factsOf([event('contact.deletion'), event('contact.privacyDeletion')]);
    const gone = { kind: 'gone', resource: 'customer', id: '501', revision: { at: '2026-03-06T19:30:00.000Z' } };
    expect(facts).toEqual([
      gone,
      gone,
      { kind: 'privacy', ask: 'ERASE', identity: '501', key: expect.stringContaining('privacyDeletion') },
    ]);
  });

  test('of a merge tell who remains and who is gone', async () => {
    const first = hubspot.addContact({ email: 'ana@example.com' });
    const second = hubspot.addContact({ phone: '+34600000001' });
    const merged = hubspot.mergeContacts(first, second);
    const facts = await factsOf([
      event('contact.merge', {
        objectId: undefined,
        primaryObjectId: Number(first),
        mergedObjectIds: [Number(second)],
        newObjectId: Number(merged),
      }),
    ]);
    expect(facts).toMatchObject([
      { kind: 'gone', id: second },
      { kind: 'gone', id: first },
      { kind: 'customer', customer: { externalId: merged, email: 'ana@example.com', phone: '+34600000001' } },
    ]);
    const older = await factsOf([
      event('contact.merge', { objectId: Number(merged), primaryObjectId: Number(merged), mergedObjectIds: [7] }),
    ]);
    expect(older).toMatchObject([{ kind: 'gone', id: '7' }, { kind: 'customer' }]);
  });

  test('that come late tell what is there now: a change of a contact deleted since', async () => {
    const id = hubspot.addContact({ email: 'ana@example.com' });
    hubspot.deleteContact(id);
    const late = [
      event('contact.deletion', { objectId: Number(id) }),
      event('contact.propertyChange', { objectId: Number(id), propertyName: 'email' }),
    ];
    expect(await factsOf(late)).toMatchObject([
      { kind: 'gone', id },
      { kind: 'gone', id },
    ]);
  });
});
