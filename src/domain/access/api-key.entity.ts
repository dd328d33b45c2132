import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { instant, text, textArray } from '../../database/columns.ts';
import type { Role } from './roles.ts';

@Entity({ tableName: 'api_key' })
export class ApiKey {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  name!: string;

  @Property(text())
  role!: Role;

  /** null = all stores */
  @Property({ ...textArray(), nullable: true })
  storeIds!: string[] | null;

  @Property({ ...text(), nullable: true })
  connectionId!: string | null;

  @Property({ ...text(), nullable: true })
  partnerId!: string | null;

  /** SHA-256 of the secret, hex. The secret has 256 random bits, so no slow hash is needed. */
  @Property({ ...text(), hidden: true })
  @Unique()
  secretHash!: string;

  /** The secret before the last rotation, which still opens until `previousUntil`. */
  @Property({ ...text(), hidden: true, nullable: true })
  @Unique()
  previousHash!: string | null;

  @Property({ ...instant(), nullable: true })
  previousUntil!: Date | null;

  @Property(instant())
  createdAt!: Date;

  @Property({ ...instant(), nullable: true })
  lastUsedAt!: Date | null;

  @Property({ ...instant(), nullable: true })
  revokedAt!: Date | null;
}
