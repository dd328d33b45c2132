import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { placeLiteralFaults } from './coercion.ts';
import type { Context } from './context.ts';
import type { Documents } from './documents.ts';
import type { Executor } from './executor.ts';
import { graphqlFault, type ShowFault, statusOf } from './faults.ts';
import { MAX_TOKENS } from './limits.ts';

/** Set on answers to requests that never began to run; the door makes a status of it and takes it off. */
export const NOT_BEGUN = 'x-valehub-not-begun';

interface Means {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly log: Logger;
  readonly showFault: ShowFault;
}

type ApolloOptions = ConstructorParameters<typeof ApolloServer<Context>>[0];
type Plugin = NonNullable<ApolloOptions['plugins']>[number];

/** Apollo Server with our executor, error table and limits. Queries are compiled by the executor (its `gateway` option is the way to give one). */
export async function startApollo({ schema, documents, executor, log, showFault }: Means): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    gateway: {
      load: async () => ({
        async executor({ source, request, context }) {
          const known = documents.open(source);
          // Apollo Server has validated it by now.
          known.faults ??= [];
          const operation = documents.operation(known, request.operationName);
          if (operation?.node.operation === 'subscription')
            throw graphqlFault('BAD_USER_INPUT', 'Subscriptions go over the WebSocket at the same path (graphql-transport-ws).');
          if (!operation)
            throw graphqlFault('BAD_USER_INPUT', 'The document has several operations, or none of that name: say which by operationName.');
          return executor.run(operation, context as Context, request.variables);
        },
      }),
      onSchemaLoadOrUpdate(load) {
        load({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: async () => undefined,
    },
    introspection: true,
    allowBatchedHttpRequests: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: quiet(log),
    formatError: (_formatted, error) => showFault(error),
    stringifyResult: JSON.stringify,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      manners,
    ],
  });
  await apollo.start();
  return apollo;
}

/** Names the place of faulty literals, and tells the door which answers are to requests that never began. */
const manners: Plugin = {
  async requestDidStart() {
    return {
      async validationDidStart({ document }) {
        return async (errors) => placeLiteralFaults(document, errors ?? []);
      },
      async willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const { data, errors } = response.body.singleResult;
        const forced = statusOf(errors);
        // What Apollo Server would say itself depends on the kind of fault only; the door knows the content type too.
        response.http.status = forced;
        if (data === undefined && errors && forced === 200) response.http.headers.set(NOT_BEGUN, '1');
      },
    };
  },
};

/** Its own log lines are about its own doings; faults of requests are logged where they are shown. */
const quiet = (log: Logger) => {
  const own = log.child({ part: 'apollo' }, { level: 'warn' });
  const to = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) => own[level](String(message));
  return { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
};
