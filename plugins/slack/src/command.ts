import { type DeskOutcome, type Money, type Question, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { SlackCtx, settings } from './settings.ts';
import { signature } from './signature.ts';
import { escaped } from './text.ts';

/** The order that a code is tried on where nobody says how large it is: 100.00 where the currency has cents. */
const SAMPLE_MINOR = 10_000;

const reply = z.strictObject({ response_type: z.enum(['in_channel', 'ephemeral']), text: z.string().min(1) });
type Reply = z.output<typeof reply>;

const toAll = (text: string): Reply => ({ response_type: 'in_channel', text });
const toOne = (text: string): Reply => ({ response_type: 'ephemeral', text });

const shown = (ctx: SlackCtx, money: Money): string => `${ctx.money.toMajor(money)} ${money.currency}`;

function verdict(ctx: SlackCtx, outcome: DeskOutcome, order: Money): Reply {
  // The code itself is not repeated: channels are read by more people than asked.
  if (!outcome.ok) return toAll(`:x: *Not good*: ${escaped(outcome.message)}`);
  const does = outcome.kind === 'TENDER' ? 'pays' : 'takes off';
  return toAll(
    `:white_check_mark: *Good*: ${does} ${shown(ctx, outcome.amount)} on an order of ${shown(ctx, order)} (${escaped(outcome.campaign)}).`,
  );
}

/** `25`, `25.50` or `25,50`; undefined where it is none of the currency's. */
function amountOf(ctx: SlackCtx, text: string, currency: string): Money | undefined {
  if (!/^\d{1,9}([.,]\d{1,4})?$/.test(text)) return undefined;
  try {
    return ctx.money.fromMajor(text.replace(',', '.'), currency);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** `/vale CODE [amount]`: would the code be taken now? Nothing is used up by asking. */
export const command: Question<typeof settings> = {
  title: 'Is this code good? (/vale CODE)',
  verify: signature,
  body: ['form'],
  // Slack waits three seconds.
  within: 'PT2.5S',
  input: schemas.command,
  output: reply,
  about(delivery) {
    const { team_id: account, trigger_id: repeatKey } = schemas.command.parse(delivery.body);
    return { account, repeatKey };
  },
  async answer(ctx, asked) {
    const { channel_id: channel, trigger_id: trigger, text, command: name } = schemas.command.parse(asked);
    const [code = '', amount, ...rest] = text.trim().split(/\s+/);
    const usage = toOne(`Ask \`${escaped(name)} CODE\`, or \`${escaped(name)} CODE 25.50\` for an order of that amount.`);
    if (code === '' || rest.length > 0) return usage;
    // A channel may stand for a store, as a till's location does.
    const location = ctx.locations.includes(channel) ? { location: channel } : {};
    const store = ctx.store(location.location);
    if (!store) return toOne('This connection belongs to no store. Set one, or say in its `locations` which store this channel is.');
    const { currency } = store;
    const unitPrice = amount === undefined ? { minor: SAMPLE_MINOR, currency } : amountOf(ctx, amount, currency);
    if (!unitPrice) return usage;
    const [outcome] = await ctx.desk.validate({
      codes: [code],
      order: { externalId: `slack ${trigger}`, ...location, currency, lines: [{ id: '1', sku: 'order', quantity: '1', unitPrice }] },
    });
    return outcome ? verdict(ctx, outcome, unitPrice) : toOne('The hub gave no answer to this code.');
  },
  otherwise: { status: 200, body: { response_type: 'ephemeral', text: 'The hub could not answer in time. Please ask again.' } },
};
