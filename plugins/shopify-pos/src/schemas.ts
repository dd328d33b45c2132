import { exactDecimal, exactId, instantText, minorMoney, z } from '@valehub/connector-kit';

/** Fill in: the platform's replies, and how each field is read. Amounts in major units: `exactDecimal()` and `ctx.money.fromMajor`. */
export const order = z.object({
  id: exactId(),
  location: z.string().min(1),
  status: z.string(),
  changed_at: instantText(),
  created_at: instantText(),
  total: minorMoney(),
  items: z.array(
    z.object({ id: exactId(), name: z.string().min(1), quantity: exactDecimal(), price: minorMoney(), discount: minorMoney() }),
  ),
  discounts: z.array(z.object({ id: exactId(), name: z.string(), amount: minorMoney() })),
});
export type Order = z.output<typeof order>;

export const account = z.object({ id: exactId(), name: z.string() });

export const event = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  account: z.string().min(1),
  order: exactId(),
});
