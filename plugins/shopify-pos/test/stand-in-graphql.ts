import type { Plain } from '@valehub/connector-kit';
import { connection, gid, lines, orderJson, refundJson, seconds } from './stand-in-orders.ts';
import { LOCATIONS, ownerOf, type Shop, type ShopCustomer, type ShopDiscount } from './stand-in-shop.ts';

type Json = { readonly [name: string]: Plain };
type Answer = (shop: Shop, variables: Json, size: number, domain: string) => Json;

const text = (value: Plain | undefined): string => (typeof value === 'string' ? value : '');
const object = (value: Plain | undefined): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);
const refuse = (message: string, code: string, ...field: string[]): Json => ({ userErrors: [{ field, message, code }] });

function discountJson({ id, type, input, codes, status, used }: ShopDiscount): Json {
  const told = { __typename: type, title: text(input['title']), status, asyncUsageCount: used, codesCount: { count: codes.length } };
  return { id, codeDiscount: { ...told, codes: { nodes: codes.slice(0, 2).map((code) => ({ code })) } } };
}

function customerJson({ id, firstName, lastName, email, phone, tags, consents, updatedAt }: ShopCustomer): Json {
  return {
    id,
    updatedAt: seconds(updatedAt),
    firstName,
    lastName,
    tags,
    defaultEmailAddress: email === null ? null : { emailAddress: email, marketingState: consents.email },
    defaultPhoneNumber: phone === null ? null : { phoneNumber: phone, marketingState: consents.sms },
  };
}

/** Shopify's search, as far as the connector uses it: a span of `updated_at`. */
function spanOf(query: string): (at: number) => boolean {
  const at = (sign: string): number => Date.parse(new RegExp(`updated_at:${sign}'([^']+)'`).exec(query)?.[1] ?? '');
  const [from, to] = [at('>='), at('<')];
  return (time) => !(time < from) && !(time >= to);
}

function itemsAfter(discount: ShopDiscount | undefined, input: Json): string[] {
  const items = object(object(input['customerGets'])['items']);
  if (items['all'] === true) return [];
  const { add, remove } = object(items['collections']) as { add?: Plain; remove?: Plain };
  const products = object(items['products']);
  const gone = new Set([...list(remove), ...list(products['productsToRemove']), ...list(products['productVariantsToRemove'])].map(text));
  const more = [...list(add), ...list(products['productsToAdd']), ...list(products['productVariantsToAdd'])].map(text);
  return [...(discount?.items ?? []).filter((id) => !gone.has(id)), ...more];
}

const create =
  (type: ShopDiscount['type']): Answer =>
  (shop, { input: given }) => {
    const { code, ...input } = object(given);
    if (ownerOf(shop, text(code))) return { payload: refuse('Code must be unique. Please try a different code.', 'TAKEN', 'code') };
    const id = gid('DiscountCodeNode', shop.nextId());
    shop.discounts.set(id, { id, type, input, codes: [text(code)], status: 'ACTIVE', used: 0, items: itemsAfter(undefined, input) });
    return { payload: { codeDiscountNode: { id }, userErrors: [] } };
  };

const overwrite =
  (type: ShopDiscount['type']): Answer =>
  (shop, { id, input: given }) => {
    const discount = shop.discounts.get(text(id));
    if (discount?.type !== type) return { payload: { codeDiscountNode: null, ...refuse('Discount does not exist', 'INVALID', 'id') } };
    const input = object(given);
    discount.items = itemsAfter(discount, input);
    discount.input = { ...discount.input, ...input };
    discount.status = 'ACTIVE';
    return { payload: { codeDiscountNode: { id: discount.id }, userErrors: [] } };
  };

function setCustomer(shop: Shop, identifier: Json, input: Json): Json {
  const wanted = (customer: ShopCustomer): boolean =>
    Object.entries(identifier).every(([name, value]) => customer[name as 'id' | 'email' | 'phone'] === value);
  const there = [...shop.customers.values()].find(wanted);
  if (!there && identifier['id'] !== undefined)
    return { customerSet: { customer: null, ...refuse('Resource matching the identifier was not found.', 'NOT_FOUND', 'identifier') } };
  const others = [...shop.customers.values()].filter((customer) => customer !== there);
  for (const name of ['email', 'phone'] as const)
    if (input[name] !== undefined && others.some((customer) => customer[name] === input[name]))
      return { customerSet: { customer: null, ...refuse(`${name} has already been taken`, 'TAKEN', 'input', name) } };
  const id = there?.id ?? gid('Customer', shop.nextId());
  const before = there ?? {
    id,
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    tags: [],
    metafields: {},
    consents: { email: 'NOT_SUBSCRIBED', sms: 'NOT_SUBSCRIBED' },
  };
  shop.customers.set(id, { ...before, ...(input as Partial<ShopCustomer>), updatedAt: shop.now() });
  return { customerSet: { customer: { id }, userErrors: [] } };
}

function addDetails(shop: Shop, variables: Json): Json {
  const customer = shop.customers.get(text(variables['id']));
  const none = { userErrors: [] };
  if (!customer) return { tagsAdd: refuse('Customer does not exist', 'NOT_FOUND', 'id') };
  if (variables['withTags']) customer.tags = [...new Set([...customer.tags, ...list(variables['tags']).map(text)])];
  for (const metafield of list(variables['metafields']).map(object)) customer.metafields[text(metafield['key'])] = text(metafield['value']);
  if (variables['withMail']) customer.consents.email = text(variables['mail']);
  if (variables['withSms']) customer.consents.sms = text(variables['sms']);
  return {
    ...(variables['withTags'] ? { tagsAdd: none } : {}),
    ...(variables['withHubId'] ? { metafieldsSet: none } : {}),
    ...(variables['withMail'] ? { customerEmailMarketingConsentUpdate: none } : {}),
    ...(variables['withSms'] ? { customerSmsMarketingConsentUpdate: none } : {}),
  };
}

function addCodes(shop: Shop, variables: Json): Json {
  const discount = shop.discounts.get(text(variables['discountId']));
  if (!discount)
    return { discountRedeemCodeBulkAdd: { bulkCreation: null, ...refuse('Discount does not exist', 'INVALID', 'discountId') } };
  const wanted = list(variables['codes']).map((entry) => text(object(entry)['code']));
  if (wanted.length > 250)
    return { discountRedeemCodeBulkAdd: { bulkCreation: null, ...refuse('Too many codes', 'TOO_MANY_ARGUMENTS', 'codes') } };
  const codes = wanted.map((code) => {
    const isTaken = ownerOf(shop, code) !== undefined;
    if (!isTaken) discount.codes.push(code);
    return { code, isTaken };
  });
  const id = gid('DiscountRedeemCodeBulkCreation', shop.nextId());
  shop.additions.set(id, { codes, looks: 0 });
  return { discountRedeemCodeBulkAdd: { bulkCreation: { id }, userErrors: [] } };
}

function subscribe(shop: Shop, topic: string, uri: string): Json {
  const there = [...shop.subscriptions.values()].some((each) => each.topic === topic && each.uri === uri);
  if (there)
    return {
      webhookSubscriptionCreate: { webhookSubscription: null, ...refuse('Address for this topic has already been taken', '', 'uri') },
    };
  const made = { id: gid('WebhookSubscription', shop.nextId()), topic, uri };
  shop.subscriptions.set(made.id, made);
  return { webhookSubscriptionCreate: { webhookSubscription: { ...made }, userErrors: [] } };
}

/** By the name of the operation: what the shop answers. */
export const OPERATIONS: Readonly<Record<string, Answer>> = {
  Shop: (shop, _variables, _size, myshopifyDomain) => ({
    shop: { name: 'Casa Pepa', myshopifyDomain, currencyCode: 'EUR', ianaTimezone: 'Europe/Madrid' },
    currentAppInstallation: { accessScopes: shop.scopes.map((handle) => ({ handle })) },
  }),
  Scopes: (shop) => ({ currentAppInstallation: { accessScopes: shop.scopes.map((handle) => ({ handle })) } }),
  Locations: (_shop, { after }, size) => ({
    locations: connection(
      LOCATIONS.map(({ id, name }) => ({ id: gid('Location', id), name })),
      after,
      size,
    ),
  }),
  Order: (shop, { id, after }, size) => {
    const order = shop.orders.get(text(id));
    return { order: order ? orderJson(order, after, size) : null };
  },
  OrderLines: (shop, { id, after }, size) => {
    const order = shop.orders.get(text(id));
    return { order: order ? { lineItems: lines(order, after, size) } : null };
  },
  Refund: (shop, { id, after }, size) => ({ refund: refundJson(shop, text(id), after, size) }),
  ChangedOrders: (shop, { query, after }, size) => {
    const isWithin = spanOf(text(query));
    const found = [...shop.orders.values()].filter(({ updatedAt }) => isWithin(updatedAt)).sort((a, b) => a.updatedAt - b.updatedAt);
    return {
      orders: connection(
        found.map(({ id }) => ({ id: gid('Order', id) })),
        after,
        size,
      ),
    };
  },
  Discount: (shop, { id }) => {
    const discount = shop.discounts.get(text(id));
    return { codeDiscountNode: discount ? discountJson(discount) : null };
  },
  DiscountByCode: (shop, { code }) => {
    const discount = ownerOf(shop, text(code));
    return { codeDiscountNodeByCode: discount ? discountJson(discount) : null };
  },
  UsedDiscounts: (shop, { after }, size) => ({
    codeDiscountNodes: connection([...shop.discounts.values()].map(discountJson), after, size),
  }),
  DiscountItems: (shop, { id }) => {
    const of = (kind: string) => ({
      nodes: (shop.discounts.get(text(id))?.items ?? []).filter((item) => item.includes(`/${kind}/`)).map((item) => ({ id: item })),
    });
    const isOfCollections = of('Collection').nodes.length > 0;
    const items = isOfCollections ? { collections: of('Collection') } : { products: of('Product'), productVariants: of('ProductVariant') };
    return { codeDiscountNode: { codeDiscount: { customerGets: { items } } } };
  },
  Owners: (shop, variables) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, code]) => {
        const owner = ownerOf(shop, text(code));
        return [name, owner ? { id: owner.id } : null];
      }),
    ),
  AddCodes: addCodes,
  CodesAdded: (shop, { id }) => {
    const addition = shop.additions.get(text(id));
    if (!addition) return { discountRedeemCodeBulkCreation: null };
    addition.looks += 1;
    const failedCount = addition.codes.filter(({ isTaken }) => isTaken).length;
    // The first look finds it under way.
    return {
      discountRedeemCodeBulkCreation: { done: addition.looks > 1, importedCount: addition.codes.length - failedCount, failedCount },
    };
  },
  CodesRefused: (shop, { id, after }, size) => {
    const told = (shop.additions.get(text(id))?.codes ?? []).map(({ code, isTaken }) => ({
      code,
      errors: isTaken ? [{ message: 'Code must be unique.' }] : [],
    }));
    return { discountRedeemCodeBulkCreation: { codes: connection(told, after, size) } };
  },
  DiscountCodeBasicCreate: create('DiscountCodeBasic'),
  DiscountCodeFreeShippingCreate: create('DiscountCodeFreeShipping'),
  DiscountCodeBasicUpdate: overwrite('DiscountCodeBasic'),
  DiscountCodeFreeShippingUpdate: overwrite('DiscountCodeFreeShipping'),
  DiscountCodeDeactivate: (shop, { id }) => {
    const discount = shop.discounts.get(text(id));
    if (!discount) return { payload: { codeDiscountNode: null, ...refuse('Code discount does not exist.', 'INVALID', 'id') } };
    discount.status = 'EXPIRED';
    return { payload: { codeDiscountNode: { id: discount.id }, userErrors: [] } };
  },
  DiscountCodeDelete: (shop, { id }) => {
    shop.discounts.delete(text(id));
    return { payload: { userErrors: [] } };
  },
  Customer: (shop, { id }) => {
    const customer = shop.customers.get(text(id));
    return { customer: customer ? customerJson(customer) : null };
  },
  ChangedCustomers: (shop, { query, after }, size) => {
    const isWithin = spanOf(text(query));
    const found = [...shop.customers.values()].filter(({ updatedAt }) => isWithin(updatedAt));
    return { customers: connection(found.map(customerJson), after, size) };
  },
  CustomerSet: (shop, { identifier, input }) => setCustomer(shop, object(identifier), object(input)),
  CustomerDetails: addDetails,
  Subscriptions: (shop, { after }, size) => ({
    webhookSubscriptions: connection(
      [...shop.subscriptions.values()].map((each) => ({ ...each })),
      after,
      size,
    ),
  }),
  Subscribe: (shop, { topic, webhookSubscription }) => subscribe(shop, text(topic), text(object(webhookSubscription)['uri'])),
  MoveSubscription: (shop, { id, webhookSubscription }) => {
    const there = shop.subscriptions.get(text(id));
    if (!there) return { webhookSubscriptionUpdate: { webhookSubscription: null, ...refuse('Could not be found', '', 'id') } };
    there.uri = text(object(webhookSubscription)['uri']);
    return { webhookSubscriptionUpdate: { webhookSubscription: { ...there }, userErrors: [] } };
  },
  Unsubscribe: (shop, { id }) => {
    const isThere = shop.subscriptions.delete(text(id));
    return { webhookSubscriptionDelete: isThere ? { userErrors: [] } : refuse('Webhook subscription does not exist', '', 'id') };
  },
};
