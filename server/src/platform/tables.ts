/** Everything the platform itself stores. Rooms reach these rows through the context, never directly. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  check,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, bytea, id, xid8 } from './db/columns.ts'

/**
 * Append-only: the application role may insert and read, nothing else. So nothing of a person is in it but ids.
 * In months by id, which tells when (events/partitions.ts); Drizzle knows nothing of partitions.
 */
export const events = pgTable(
  'platform_events',
  {
    /** UUIDv7. */
    id: uuid('id').primaryKey(),
    /** Where its transaction stands among all: what is below the horizon is complete (docs/decisions/0027). */
    position: bigint('position', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    name: text('name').notNull(),
    outcome: text('outcome', { enum: ['succeeded', 'refused', 'failed'] }).notNull(),
    actorKind: text('actor_kind', { enum: ['anonymous', 'user', 'service', 'system'] }).notNull(),
    actorId: text('actor_id'),
    onBehalfOf: text('on_behalf_of'),
    subjectId: text('subject_id'),
    data: jsonb('data').notNull(),
    /** SHA-256 over the salt and the content of the fact's details: proves them, and tells nothing once they are gone. */
    detailsHash: bytea('details_hash'),
    requestId: text('request_id').notNull(),
    at: at('at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [
    index('platform_events_position').on(t.position),
    index('platform_events_subject').on(t.subjectId, t.id),
    index('platform_events_actor').on(t.actorId, t.id),
    index('platform_events_behalf')
      .on(t.onBehalfOf, t.id)
      .where(sql`${t.onBehalfOf} is not null`),
    // By beginnings too: a room is the first word of its names.
    index('platform_events_name').on(t.name.op('text_pattern_ops'), t.id),
    index('platform_events_outcome')
      .on(t.outcome, t.id)
      .where(sql`${t.outcome} <> 'succeeded'`),
    index('platform_events_request').on(t.requestId),
    check(
      'platform_events_actor_named',
      sql`(${t.actorKind} = 'anonymous') = (${t.actorId} is null)`,
    ),
  ],
)

/** What a fact knows of a person beyond ids. It lies beside the fact, so that it can be forgotten without touching it. */
export const eventDetails = pgTable(
  'platform_event_details',
  {
    eventId: uuid('event_id').primaryKey(),
    /** Whose address it is: the user who acted, or whose account it was tried on. */
    about: text('about'),
    ip: text('ip'),
    /** Whose the personal values are. */
    personalOf: text('personal_of'),
    /** Text as it was written, because the hash is over its bytes. */
    personal: json('personal'),
    salt: bytea('salt').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [
    index('platform_event_details_about').on(t.about),
    index('platform_event_details_personal')
      .on(t.personalOf)
      .where(sql`${t.personalOf} is not null`),
    index('platform_event_details_at').on(t.at),
  ],
)

/** How far each reader of facts has come, in the order of events/order.ts. */
export const eventReaders = pgTable('platform_event_readers', {
  name: text('name').primaryKey(),
  position: bigint('position', { mode: 'bigint' }).notNull(),
  eventId: uuid('event_id').notNull(),
})

/** The chain over all facts, in the order of their positions. Append-only, like the facts. */
export const eventSeals = pgTable('platform_event_seals', {
  /** 1, 2, 3 …: without a gap. */
  number: bigint('number', { mode: 'bigint' }).primaryKey(),
  eventId: uuid('event_id').notNull(),
  position: bigint('position', { mode: 'bigint' }).notNull(),
  /** SHA-256 over the hash of the seal before and the fact. */
  hash: bytea('hash').notNull(),
})

/**
 * Seals that were signed: how far the chain had come (`head`, and `tip` until a later head is old enough), and where it
 * begins after old facts were dropped (`cut`). Append-only.
 */
export const eventHeads = pgTable(
  'platform_event_heads',
  {
    id: id(),
    kind: text('kind', { enum: ['head', 'tip', 'cut'] }).notNull(),
    number: bigint('number', { mode: 'bigint' }).notNull(),
    /** What is signed (JWS, RFC 7515): all there is to say about the seal. */
    document: text('document').notNull(),
    at: at('at').notNull(),
  },
  (t) => [index('platform_event_heads_kind').on(t.kind, t.number)],
)

/** Jobs wanted by a committed transaction and not yet handed to the queue store. */
export const jobOutbox = pgTable(
  'platform_job_outbox',
  {
    id: id(),
    name: text('name').notNull(),
    /** Two jobs of one name and key have one effect; null: every enqueue is its own. */
    key: text('key'),
    payload: jsonb('payload').notNull(),
    /** Who wanted it and why: the job runs under this identity. */
    origin: jsonb('origin').notNull(),
    runAt: at('run_at').notNull().defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: at('next_at').notNull().defaultNow(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('platform_job_outbox_next').on(t.nextAt)],
)

/** Topics whose cached copies are stale; every process polls what is new in it. */
export const invalidations = pgTable(
  'platform_invalidations',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    topic: text('topic').notNull(),
    /** The transaction that wrote it: whether a snapshot may have missed it, a time cannot tell. */
    writtenBy: xid8('written_by')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    at: at('at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [index('platform_invalidations_written').on(t.writtenBy)],
)

/** Requests that carried an Idempotency-Key: what they were, how far they came, what was answered. */
export const idempotencyKeys = pgTable(
  'platform_idempotency_keys',
  {
    principal: text('principal').notNull(),
    route: text('route').notNull(),
    key: text('key').notNull(),
    fingerprint: bytea('fingerprint').notNull(),
    state: text('state', { enum: ['in_progress', 'done'] }).notNull(),
    owner: uuid('owner').notNull(),
    leaseUntil: at('lease_until').notNull(),
    /** Results of the transactions that committed, in order: what a retry need not do again. */
    phases: bytea('phases')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** The request itself, sealed, where the server finishes what its client left behind; null when there is nothing to finish. */
    request: bytea('request'),
    /** Tries of the server itself to finish it. */
    attempts: smallint('attempts').notNull().default(0),
    status: smallint('status'),
    headers: jsonb('headers'),
    body: bytea('body'),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.principal, t.route, t.key] }),
    index('platform_idempotency_keys_expires').on(t.expiresAt),
    index('platform_idempotency_keys_unfinished')
      .on(t.leaseUntil)
      .where(sql`${t.state} = 'in_progress' and ${t.request} is not null`),
  ],
)

/** Exact limits: the times of the hits that still count, one row per limited key. */
export const rateLimitLogs = pgTable('platform_rate_limit_logs', {
  key: text('key').primaryKey(),
  hits: at('hits').array().notNull(),
  /** Without an index, which each hit would have to write to; the sweep reads the table. */
  expiresAt: at('expires_at').notNull(),
})

/** Batched limits: how many hits all processes reported for a key in one window. */
export const rateLimitCounts = pgTable(
  'platform_rate_limit_counts',
  {
    key: text('key').notNull(),
    windowStart: bigint('window_start', { mode: 'number' }).notNull(),
    hits: integer('hits').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.key, t.windowStart] }),
    index('platform_rate_limit_counts_expires').on(t.expiresAt),
  ],
)

/**
 * Keys that sign access tokens. The private part is encrypted with a key derived from SECRET_KEY, or stays in KMS. Which
 * key signs is read off the clock: the newest whose `signsFrom` has come.
 */
export const signingKeys = pgTable(
  'platform_signing_keys',
  {
    kid: text('kid').primaryKey(),
    algorithm: text('algorithm', { enum: ['EdDSA', 'RS256', 'HS256'] }).notNull(),
    /** As published; null for a shared secret. */
    publicJwk: jsonb('public_jwk'),
    /** Null for a key of KMS. */
    privateSealed: bytea('private_sealed'),
    /** The ARN of a key of KMS; null for our own. */
    kmsKeyArn: text('kms_key_arn'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** Published from the start, but signing only from here on: whoever has the old list shall have fetched the new one. */
    signsFrom: at('signs_from').notNull().defaultNow(),
    /** Tokens it signed may live until then; null when it has signed none. */
    tokensUntil: at('tokens_until'),
    retiredAt: at('retired_at'),
  },
  (t) => [
    check(
      'platform_signing_keys_one_place',
      sql`(${t.kmsKeyArn} is null) <> (${t.privateSealed} is null)`,
    ),
    check(
      'platform_signing_keys_secret_unpublished',
      sql`(${t.algorithm} = 'HS256') = (${t.publicJwk} is null)`,
    ),
  ],
)

/** Mail that development captured instead of sending. */
export const capturedMails = pgTable(
  'platform_captured_mails',
  {
    id: id(),
    messageId: text('message_id').notNull().unique(),
    from: text('from').notNull(),
    to: text('to').notNull(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    html: text('html').notNull(),
    headers: jsonb('headers').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [index('platform_captured_mails_to').on(t.to, t.at)],
)
