import type { Delivery, Fact, Notice, Webhooks } from '@valehub/connector-kit';
import { factOf } from './facts.ts';
import { parse } from './parse.ts';
import { envelope, TOPICS, topicOf } from './schemas.ts';
import type { HookCtx, settings } from './settings.ts';
import { incoming } from './signature.ts';

const manual = `In the other system:
1. Make a secret: \`echo "whsec_$(openssl rand -base64 32)"\`. Enter it there, and here as *Incoming secret*.
2. Let it post its events to the webhook address of this connection, signed by the convention of [Standard Webhooks](https://www.standardwebhooks.com).
   The README of this connector shows the events and how to sign them.`;

function resourceOf(fact: Fact): Pick<Notice, 'resource'> {
  switch (fact.kind) {
    case 'order':
      return { resource: ['order', fact.order.externalId] };
    case 'gone':
      return { resource: [fact.resource, fact.id] };
    case 'customer':
      return fact.customer.externalId === undefined ? {} : { resource: ['customer', fact.customer.externalId] };
    case 'messageStatus':
      return { resource: ['message', fact.job] };
    default:
      return {};
  }
}

/**
 * One event a delivery. What its data says is proven by the signature and cannot be asked for again, so it is checked here and now, while the
 * sender still hears that it is refused.
 */
function split(delivery: Delivery): readonly Notice[] {
  const event = parse(envelope, delivery.body, '', '');
  const topic = topicOf(event.type);
  const key = delivery.headers['webhook-id'] ?? delivery.bodyHash;
  const shared = { at: event.timestamp, repeat: { key } };
  if (topic === undefined) return [{ ...shared, topic: event.type, body: null }];
  const fact = factOf(topic, event, key);
  const { type, timestamp, location, data } = event;
  return [
    {
      ...shared,
      topic,
      ...(fact.location === undefined ? {} : { location: fact.location }),
      ...resourceOf(fact),
      body: { type, timestamp, ...(location === undefined ? {} : { location }), data },
    },
  ];
}

function read(_ctx: HookCtx, notice: Notice): readonly Fact[] {
  const event = parse(envelope, notice.body, '', '');
  const topic = topicOf(event.type);
  return topic === undefined || notice.repeat === 'signal' ? [] : [factOf(topic, event, notice.repeat.key)];
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  verify: incoming,
  topics: TOPICS,
  split,
  read,
  subscriptions: { manual },
};
