import type { Alert, JsonBody } from '@valehub/connector-kit';
import { cut, escaped, link, pieces } from './text.ts';

/** Characters of one text object, and blocks of one message; both known from other clients of Slack only. */
const SECTION = 3_000;
const BLOCKS = 50;

/** By this name a press is known to be of a button of ours. */
export const BUTTONS = 'valehub-alert';

const MARKS = { INFO: ':information_source:', WARNING: ':warning:', CRITICAL: ':rotating_light:' } as const satisfies Record<
  Alert['severity'],
  string
>;

const heading = ({ severity, title }: Alert): string => `${MARKS[severity]} *${escaped(title)}*`;

/** The whole alert as one text, which is also what a notification shows. */
export const alertText = (alert: Alert): string =>
  [heading(alert), escaped(alert.text), ...(alert.link === undefined ? [] : [link(alert.link, 'Open')])]
    .filter((part) => part !== '')
    .join('\n');

/** `verbatim`: Slack makes no links and no mentions of what only looks like them. */
const written = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const section = (text: string) => ({ type: 'section', text: written(text) });

/** A line in small letters below: what became of it. */
export const note = (text: string) => ({ type: 'context', elements: [written(cut(escaped(text), SECTION))] });

/** An alert as blocks, with room for two more. */
export const alertBlocks = (alert: Alert): readonly JsonBody[] => [
  section(cut(heading(alert), SECTION)),
  ...pieces(escaped(alert.text), SECTION)
    .slice(0, BLOCKS - 4)
    .map(section),
  ...(alert.link === undefined ? [] : [section(link(alert.link, 'Open'))]),
];

export const textBlocks = (text: string): readonly JsonBody[] => pieces(escaped(text), SECTION).slice(0, BLOCKS).map(section);

/** The buttons of an alert. The hub's ids go out with them and come back with the press. */
export const buttonBlock = (alertId: string, buttons: NonNullable<Alert['buttons']>): JsonBody => ({
  type: 'actions',
  block_id: BUTTONS,
  elements: buttons.map(({ id, label, style }) => ({
    type: 'button',
    action_id: id,
    value: alertId,
    text: { type: 'plain_text', text: label, emoji: false },
    ...(style === undefined ? {} : { style: style.toLowerCase() }),
  })),
});
