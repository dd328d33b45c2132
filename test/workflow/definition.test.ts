import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { checkDefinition } from '../../src/domain/workflow/check-definition.ts';
import { workflowJsonSchema } from '../../src/domain/workflow/definition.schema.ts';

const trigger = { on: 'VOUCHER_REDEEMED' };
const wait = { id: 'pause', wait: { duration: 'PT1H' } };
const allocate = { id: 'gift', allocate: { campaignId: 'cmp_1', customer: 'customer.id', validFor: 'P30D' } };
const deliver = {
  id: 'mail',
  deliver: {
    to: 'customer.email',
    text: 'Hi {{ customer.name }}: {{ steps.gift.code }}',
    channels: [{ connectionId: 'con_1', channel: 'EMAIL' }, { connectionId: 'con_2' }],
  },
};
const whole = {
  trigger,
  filter: 'event.amount.minor >= 500 && customer != null && "vip" in customer.groups',
  steps: [
    wait,
    allocate,
    {
      id: 'split_up',
      branch: {
        if: 'store.name == "Sevilla"',
        then: [deliver],
        else: [{ id: 'evening', wait: { until: { time: '19:00', weekday: 'FRI' } } }],
      },
    },
    {
      id: 'crm',
      when: 'steps.mail != null && steps.mail.status == "COMPLETED"',
      retry: { attempts: 4 },
      onFailure: 'CONTINUE',
      call: { connectionId: 'con_3', action: 'tag', input: { code: '{{ steps.gift.code }}', n: 3 } },
    },
  ],
};

function faultsOf(definition: { trigger?: unknown; filter?: unknown; steps?: unknown }): readonly { path: string; message: string }[] {
  const checked = checkDefinition({ trigger, filter: null, steps: [wait], ...definition });
  return 'faults' in checked ? checked.faults : [];
}
const pathsOf = (definition: { trigger?: unknown; filter?: unknown; steps?: unknown }) => faultsOf(definition).map(({ path }) => path);

describe('a workflow definition', () => {
  it('is taken whole, with its defaults filled in', () => {
    const checked = checkDefinition(whole);
    expect(checked).toMatchObject({ definition: { trigger, filter: whole.filter } });
    const steps = 'definition' in checked ? checked.definition.steps : [];
    expect(steps[0]).toEqual({ ...wait, onFailure: 'STOP' });
    expect(steps[3]?.retry).toEqual({
      attempts: 4,
      delay: 'PT1M',
      backoff: 2,
      maxDelay: 'PT6H',
      on: ['RATE_LIMITED', 'QUOTA_SPENT', 'PLATFORM_DOWN', 'TIMEOUT', 'BAD_REPLY'],
    });
  });

  it('takes null for left out', () => {
    expect(faultsOf({ filter: null, steps: [{ ...wait, when: null, retry: null, branch: null }] })).toEqual([]);
  });

  it('is refused with every fault at once, each at its path', () => {
    expect(
      pathsOf({
        trigger: { on: 'SCHEDULE', cron: '0 10 * * MON' },
        filter: 'custommer.id == "a"',
        steps: [
          { id: 'a', wait: { duration: 'one hour' } },
          { id: 'b', branch: { if: 'event.code', then: [{ id: 'a', wait: {} }, { id: 'c' }] } },
          { id: 'd', allocate: { campaignId: '', customer: 'event.position' }, wait: { duration: 'PT1S' }, colour: 'red' },
        ],
      }),
    ).toEqual([
      'trigger.on',
      'filter',
      'steps[0].wait.duration',
      'steps[1].branch.if',
      'steps[1].branch.then[0].id',
      'steps[1].branch.then[0].wait',
      'steps[1].branch.then[1]',
      'steps[2]',
      'steps[2].allocate.campaignId',
      'steps[2].allocate.customer',
      'steps[2].colour',
    ]);
  });

  it.each([
    ['no steps', { steps: [] }, 'steps'],
    ['steps that are no list', { steps: 'wait' }, 'steps'],
    ['a step that is no object', { steps: ['wait'] }, 'steps[0]'],
    ['no id', { steps: [{ wait: { duration: 'PT1S' } }] }, 'steps[0].id'],
    ['a duration in fractions', { steps: [{ id: 'a', wait: { duration: 'PT1.5S' } }] }, 'steps[0].wait.duration'],
    ['an empty duration', { steps: [{ id: 'a', wait: { duration: 'PT' } }] }, 'steps[0].wait.duration'],
    ['both ways to wait', { steps: [{ id: 'a', wait: { duration: 'PT1S', until: { time: '10:00' } } }] }, 'steps[0].wait'],
    ['a time that is none', { steps: [{ id: 'a', wait: { until: { time: '24:00' } } }] }, 'steps[0].wait.until.time'],
    [
      'a weekday that is none',
      { steps: [{ id: 'a', wait: { until: { time: '10:00', weekday: 'FRIDAY' } } }] },
      'steps[0].wait.until.weekday',
    ],
    [
      'no text to deliver',
      { steps: [{ id: 'a', deliver: { to: 'customer.email', channels: [{ connectionId: 'c' }] } }] },
      'steps[0].deliver',
    ],
    ['no channels', { steps: [{ id: 'a', deliver: { to: 'customer.email', text: 'x', channels: [] } }] }, 'steps[0].deliver.channels'],
    [
      'a channel that is none',
      { steps: [{ id: 'a', deliver: { to: 'customer.email', text: 'x', channels: [{ connectionId: 'c', channel: 'FAX' }] } }] },
      'steps[0].deliver.channels[0].channel',
    ],
    ['a retry of what cannot fail so', { steps: [{ ...wait, retry: { attempts: 2 } }] }, 'steps[0].retry'],
    ['a retry of an unknown class', { steps: [{ ...allocate, retry: { on: ['BAD_LUCK'] } }] }, 'steps[0].retry.on[0]'],
    ['an unknown onFailure', { steps: [{ ...wait, onFailure: 'IGNORE' }] }, 'steps[0].onFailure'],
    ['a trigger without on', { trigger: {} }, 'trigger.on'],
    ['a trigger that is no object', { trigger: 'VOUCHER_REDEEMED' }, 'trigger.on'],
    ['a custom trigger without name', { trigger: { on: 'CUSTOM' } }, 'trigger.name'],
    ['a name on another trigger', { trigger: { on: 'VOUCHER_ISSUED', name: 'x' } }, 'trigger.name'],
    ['a filter that is no text', { filter: true }, 'filter'],
    ['an empty filter', { filter: ' ' }, 'filter'],
  ])('is refused for %s', (_, definition, path) => {
    expect(pathsOf(definition)).toEqual([path]);
  });

  it.each([
    ['waiting for an event', { steps: [{ id: 'a', wait: { event: { on: 'VOUCHER_REDEEMED' }, timeout: 'P1D' } }] }, 'steps[0].wait.event'],
    [
      'confirmWithin',
      { steps: [{ ...deliver, deliver: { ...deliver.deliver, text: 'x', confirmWithin: 'PT1H' } }] },
      'steps[0].deliver.confirmWithin',
    ],
    ['a schedule', { trigger: { on: 'SCHEDULE', cron: '0 10 * * MON' } }, 'trigger.on'],
    ['a trigger to come', { trigger: { on: 'PAYMENT_LINKED' } }, 'trigger.on'],
    ['a step to come', { steps: [{ id: 'a', approve: { by: 'x' } }] }, 'steps[0].approve'],
  ])('says of %s that it is not available yet', (_, definition, path) => {
    const fault = faultsOf(definition).find((one) => one.path === path);
    expect(fault?.message).toMatch(/not available yet/);
  });

  it('lets a step read earlier steps only', () => {
    expect(faultsOf({ steps: [{ ...wait, when: 'steps.gift.code == "x"' }, allocate] })).toEqual([
      { path: 'steps[0].when', message: 'No such key: gift (line 1, column 7).' },
    ]);
    expect(faultsOf({ steps: [allocate, { ...wait, when: 'steps.gift.code == "x"' }] })).toEqual([]);
    expect(pathsOf({ steps: [{ ...allocate, when: 'steps.gift == null' }] })).toEqual(['steps[0].when']);
  });

  it('places a fault of a text in that text', () => {
    const text = 'Dear {{ customer.name }},\nuse {{ vouchr.code }} or {{ 1 + }}';
    expect(faultsOf({ steps: [{ id: 'a', deliver: { to: 'customer.email', text, channels: [{ connectionId: 'c' }] } }] })).toEqual([
      { path: 'steps[0].deliver.text', message: 'Unknown variable: vouchr (line 2, column 8).' },
      { path: 'steps[0].deliver.text', message: 'Unexpected token: EOF (line 2, column 33).' },
    ]);
    expect(
      pathsOf({ steps: [{ id: 'a', call: { connectionId: 'c', action: 'x', input: { rows: [{ code: '{{ nothing }}' }] } } }] }),
    ).toEqual(['steps[0].call.input.rows[0].code']);
  });

  it('is described by a JSON Schema that judges alike', () => {
    const validate = new Ajv2020({ strict: false }).compile(workflowJsonSchema());
    expect(validate({ name: 'Thanks', ...whole })).toBe(true);
    expect(validate({ name: 'Thanks', ...whole, steps: [{ id: 'a' }] })).toBe(false);
    expect(validate({ name: 'Thanks', ...whole, steps: [{ id: 'a', wait: { duration: 'PT1S', until: { time: '10:00' } } }] })).toBe(false);
    expect(validate({ name: 'Thanks', ...whole, trigger: { on: 'SCHEDULE' } })).toBe(false);
  });

  it('of the documentation can be copied', () => {
    const text = readFileSync(new URL('../../docs/how-to/configure-a-workflow.md', import.meta.url), 'utf8');
    const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json));
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) expect(checkDefinition({ filter: null, ...example })).not.toHaveProperty('faults');
  });
});
