import { exactDecimal, exactId, instantText, z } from '@valehub/connector-kit';

// Upserve's documentation can no longer be read: these are the fields that clients in public use, so what is not needed may be missing.

const text = z.string().nullish();
/** What is not there may be missing, null or empty. */
const orEmpty = <T extends z.ZodType>(value: T) => z.union([z.literal('').transform(() => null), value]).nullish();
const decimal = orEmpty(exactDecimal());
/** An id of something else. */
const reference = orEmpty(exactId());
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** A void or a comp. UNVERIFIED: that these are all of its types: `void`, `comp value`, `comp percent`. */
const voidcomp = z.object({ type: text, reason_text: text, value: decimal, total: decimal }).nullish();
export type VoidComp = z.output<typeof voidcomp>;

const entry = z.object({
  id: exactId(),
  item_id: reference,
  category_id: reference,
  name: text,
  quantity: decimal,
  price: decimal,
  modifiers: list(z.object({ price: decimal })),
  voidcomp,
});
/** What was ordered: an item, or a side of one. */
export type Entry = z.output<typeof entry>;

const payment = z.object({
  id: exactId(),
  amount: decimal,
  tip_amount: decimal,
  // UNVERIFIED: its form. A payment without its time is still a payment.
  date: instantText().nullish().catch(null),
  type: text,
  tender_description: text,
});
export type Payment = z.output<typeof payment>;

export const check = z.object({
  id: exactId(),
  status: z.string().min(1),
  open_time: instantText(),
  close_time: orEmpty(instantText()),
  sub_total: decimal,
  tax_total: decimal,
  total: exactDecimal(),
  mandatory_tip_amount: decimal,
  taxed_type: text,
  type: text,
  employee_id: reference,
  items: list(entry.extend({ sides: list(entry) })),
  payments: list(payment),
  voidcomp,
  check_notes: list(z.object({ note: text })),
  online_order: z.object({ delivery_info: z.object({ phone: text, address: z.json().optional() }).nullish() }).nullish(),
});
export type Check = z.output<typeof check>;

export const page = z.object({
  meta: z.object({ total_count: z.int().nonnegative().nullish(), next: z.json().optional() }),
  objects: z.array(check),
});

export const errorMessage = z.object({ error_message: text, error: text, message: text, detail: text });
