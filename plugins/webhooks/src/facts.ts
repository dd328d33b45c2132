import type { Fact, z } from '@valehub/connector-kit';
import { sound } from './orders.ts';
import { parse } from './parse.ts';
import { customName, DATA, type envelope, type Topic } from './schemas.ts';

export type Event = z.output<typeof envelope>;

const located = (location: string | undefined) => (location === undefined ? {} : { location });

/** What an event means, in the hub's words. Throws where its data is not what its type promises. `key`: of the delivery. */
export function factOf(topic: Topic, { type, timestamp: at, location, data }: Event, key: string): Fact {
  const told = <T extends z.ZodType>(schema: T): z.output<T> => parse(schema, data, type, 'data');
  switch (topic) {
    case 'order': {
      const order = sound(told(DATA.order), type);
      // Without a revision of its own the event that happened later is the newer one, whichever arrives first.
      return { kind: 'order', ...located(order.location ?? location), order: { revision: { at }, ...order } };
    }
    case 'customer':
      return { kind: 'customer', ...located(location), customer: { revision: { at }, ...told(DATA.customer) } };
    case 'order.deleted':
    case 'customer.deleted':
      return {
        kind: 'gone',
        ...located(location),
        resource: topic === 'order.deleted' ? 'order' : 'customer',
        id: told(DATA[topic]).externalId,
        revision: { at },
      };
    case 'message.status': {
      const { message: job, ...status } = told(DATA[topic]);
      return { kind: 'messageStatus', ...located(location), job, at, ...status };
    }
    case 'consent.changed':
      return { kind: 'consent', ...located(location), ...told(DATA[topic]), at, key };
    case 'alert.pressed':
      return { kind: 'pressed', ...located(location), ...told(DATA[topic]), at, key };
    case 'custom': {
      const name = parse(customName, type.replace(/^custom\.?/, ''), type, 'type');
      return { kind: 'custom', ...located(location), name, key, at, data: told(DATA.custom) };
    }
  }
}
