import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { ACCESS, allow } from './access.ts';
import type { Context } from './context.ts';

type Resolve = GraphQLFieldResolver<unknown, Context>;
type Take = (root: unknown, args: Record<string, unknown>, context: Context) => unknown;
type Method = (...params: unknown[]) => unknown;

/** A resolver class. */
type Target = Parameters<typeof Reflect.construct>[0];

interface Handler {
  readonly target: Target;
  readonly methodName: string;
  readonly params?: readonly Param[];
}

interface Param {
  readonly kind: string;
  readonly index: number;
  readonly name?: string;
}

/**
 * Replaces type-graphql's calls of resolver methods by plain ones. Its own rebuild every input as class instances on each
 * request, which costs several times what a redemption's own work does; GraphQL has checked the inputs by then anyway.
 * Every operation goes through the access table here, and one that the table does not know stops the boot.
 */
export function useDirectResolvers(schema: GraphQLSchema): void {
  const storage = getMetadataStorage();
  const instances = new Map<Target, Record<string, Method>>();
  const instanceOf = (target: Target): Record<string, Method> => {
    const made = instances.get(target) ?? (Reflect.construct(target, []) as Record<string, Method>);
    instances.set(target, made);
    return made;
  };
  const paramsOf = (handler: Handler): readonly Param[] =>
    handler.params ?? storage.params.filter((param) => param.target === handler.target && param.methodName === handler.methodName);
  const direct = (handler: Handler): Resolve => caller(instanceOf(handler.target), handler.methodName, paramsOf(handler));

  for (const [type, handlers] of [
    [schema.getQueryType(), storage.queries],
    [schema.getMutationType(), storage.mutations],
  ] as const) {
    for (const handler of handlers) guard(type, handler.schemaName, direct(handler));
  }
  for (const { schemaName, ...handler } of storage.subscriptions) {
    const field = fieldOf(schema.getSubscriptionType(), schemaName);
    const { subscribe } = field;
    if (!subscribe) throw new Error(`Subscription.${schemaName} cannot be subscribed to.`);
    field.subscribe = guarded(`Subscription.${schemaName}`, subscribe);
    field.resolve = direct(handler);
  }
  for (const handler of storage.fieldResolvers) {
    const name = storage.objectTypes.find(({ target }) => target === handler.getObjectType?.())?.name;
    const type = name === undefined ? undefined : schema.getType(name);
    if (type) fieldOf(type as GraphQLObjectType, handler.schemaName).resolve = direct(handler);
  }
}

function guard(type: GraphQLObjectType | null | undefined, name: string, resolve: Resolve): void {
  fieldOf(type, name).resolve = guarded(`${type?.name}.${name}`, resolve);
}

function guarded(operation: string, resolve: Resolve): Resolve {
  if (!ACCESS[operation]) throw new Error(`The access table does not say who may ask ${operation}.`);
  return (root, args, context, info) => {
    allow(operation, context.actor, args);
    return resolve(root, args, context, info);
  };
}

function fieldOf(type: GraphQLObjectType | null | undefined, name: string) {
  const field = type?.getFields()[name];
  if (!field) throw new Error(`The schema has no ${type?.name}.${name}.`);
  return field;
}

function caller(instance: Record<string, Method>, methodName: string, params: readonly Param[]): Resolve {
  const method = instance[methodName]?.bind(instance);
  if (!method) throw new Error(`There is no method ${methodName}.`);
  const [a, b, c] = [...params].sort((left, right) => left.index - right.index).map(taker);
  if (params.length > 3 || !a || !b) {
    const takers = [...params].sort((left, right) => left.index - right.index).map(taker);
    return (root, args, context) => method(...takers.map((take) => take(root, args, context)));
  }
  if (!c) return (root, args, context) => method(a(root, args, context), b(root, args, context));
  return (root, args, context) => method(a(root, args, context), b(root, args, context), c(root, args, context));
}

function taker(param: Param): Take {
  const { kind, name } = param;
  if (kind === 'root') return (root) => root;
  if (kind === 'context') return (_root, _args, context) => context;
  if (kind === 'arg' && name !== undefined) return (_root, args) => args[name];
  throw new Error(`A resolver parameter of kind ${kind} is not used here.`);
}
