import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, text } from '../../database/columns.ts';

/** Somebody was sent to a platform to agree to a connection, and is expected back once. */
@Entity({ tableName: 'authorization_request' })
export class AuthorizationRequest {
  /** SHA-256 of the state in hex: who reads the table cannot come back in its place. */
  @PrimaryKey(text())
  stateHash!: string;

  @Property(text())
  connectionId!: string;

  /** The PKCE verifier, sealed by the hub's key; null where the platform knows no PKCE. */
  @Property({ ...text(), nullable: true, hidden: true })
  verifier!: string | null;

  /** As the platform was told: it wants the same again for the token. */
  @Property(text())
  redirectUri!: string;

  /** The API key that asked. */
  @Property(text())
  askedBy!: string;

  @Property(instant())
  @Index()
  expiresAt!: Date;

  @Property({ ...instant(), nullable: true })
  usedAt!: Date | null;

  @Property(instant())
  createdAt!: Date;
}
