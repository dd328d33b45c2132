import { exactDecimal, exactId, z } from '@valehub/connector-kit';

const id = exactId();
const text = z.string().nullish();
const decimal = exactDecimal().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Lists come as `items`, under a name of their own, or bare; which one is told nowhere. */
export const listOf = <T extends z.ZodType>(name: string, item: T) =>
  z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .transform((value) => (Array.isArray(value) ? value : (value['items'] ?? value[`${name}s`] ?? value[name])))
    .pipe(z.array(item));

const extension = z.object({ appName: text, dataName: text, data: text });
export type Extension = z.output<typeof extension>;

const discount = z.object({
  discountId: id.nullish(),
  name: text,
  referenceText: text,
  total: decimal,
  extensions: list(extension),
});
export type CheckDiscount = z.output<typeof discount>;

const priced = {
  definitionSequence: id.nullish(),
  name: text,
  quantity: exactDecimal().nullish(),
  unitPrice: decimal,
  total: decimal,
  referenceText: text,
  itemDiscounts: list(discount),
};
const condiment = z.object({ condimentId: id.nullish(), ...priced });
const menuItem = z.object({ menuItemId: id.nullish(), ...priced, condiments: list(condiment), extensions: list(extension) });
export type MenuItem = z.output<typeof menuItem>;
export type Priced = z.output<typeof condiment> | MenuItem;

const comboMeal = z.object({
  comboMealId: id.nullish(),
  comboItem: menuItem.nullish(),
  mainItem: menuItem.nullish(),
  sideItems: list(menuItem),
});
export type ComboMeal = z.output<typeof comboMeal>;

const serviceCharge = z.object({ serviceChargeId: id.nullish(), name: text, total: decimal });
const tender = z.object({
  tenderId: id.nullish(),
  name: text,
  total: decimal,
  chargedTipTotal: decimal,
  referenceText: text,
  extensions: list(extension),
});
export type Tender = z.output<typeof tender>;

export const check = z.object({
  header: z.object({
    locRef: id.nullish(),
    rvcRef: id.nullish(),
    checkRef: id,
    checkName: text,
    checkEmployeeRef: id.nullish(),
    orderTypeRef: id.nullish(),
    openTime: z.string().min(1),
    informationLines: list(z.string()),
    status: text,
    isTrainingCheck: z.boolean().nullish(),
  }),
  menuItems: list(menuItem),
  comboMeals: list(comboMeal),
  discounts: list(discount),
  serviceCharges: list(serviceCharge),
  extensions: list(extension),
  tenders: list(tender),
  totals: z.object({ autoServiceChargeTotal: decimal, taxTotal: decimal, totalDue: decimal }).nullish(),
});
export type Check = z.output<typeof check>;

export const organization = z.object({ orgShortName: id, name: text }).transform((told) => ({ ...told, key: told.orgShortName }));
export const location = z.object({ locRef: id, name: text }).transform((told) => ({ ...told, key: told.locRef }));
/** Its name is a text, or one for each language. */
export const revenueCenter = z.object({ rvcRef: id, name: z.unknown().optional() }).transform((told) => ({ ...told, key: told.rvcRef }));

const messageBody = z.object({
  id: z.string().min(1),
  creationDate: text,
  messageType: z.object({ id: z.string().min(1) }),
  resource: z.object({ orgShortName: text, locRef: id.nullish(), rvcRef: id.nullish(), checkRef: id.nullish() }).nullish(),
  data: z.object({ status: text, timeStampUtc: text }).nullish(),
});
export const notification = z.object({ messages: z.array(messageBody) });
export type Message = z.output<typeof messageBody>;

export const subscription = z.object({
  subscriptionId: id,
  callbackUri: text,
  messageType: z.object({ id: z.string() }).nullish(),
  locRef: id.nullish(),
  rvcRef: id.nullish(),
});
export type SimphonySubscription = z.output<typeof subscription>;

/** Problem details of the services, and the shorter form of the OpenID provider. */
export const problem = z.object({
  title: text,
  detail: text,
  details: text,
  message: text,
  code: text,
  nextOp: text,
  posDetails: list(z.object({ code: text, message: text })),
});

export const signedIn = z.object({ redirectUrl: z.string().regex(/[?&]code=[^&]/, 'an address with a code') });
export const tokens = z.object({
  id_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  /** A number or its text. */
  expires_in: z.coerce.number().int().positive().nullish(),
});

const configured = z.object({
  hierUnitId: z.int(),
  objectNum: z.int(),
  name: z.union([z.string(), z.record(z.string(), z.string().nullable())]).nullish(),
  percentage: decimal,
  amount: decimal,
});
export type ConfiguredDiscount = z.output<typeof configured>;
export const configuredPage = z.object({ items: list(configured), hasMore: z.boolean().nullish() });
