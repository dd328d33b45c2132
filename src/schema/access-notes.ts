import type { GraphQLSchema } from 'graphql';
import { ROLES } from '../domain/access/roles.ts';
import { ACCESS } from './access.ts';

/** Whoever reads the schema reads there whose keys may ask what, out of the one table that decides it. */
export function noteAccess(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const may = ACCESS[`${root?.name}.${field.name}`]?.roles;
      const keys = ROLES.filter((role) => may?.has(role)).join(', ');
      field.description = `${field.description ? `${field.description} ` : ''}Keys: ${keys}.`;
    }
  }
}
