/** Webhook endpoints: who wants to hear of what, and the secrets that sign it. */
import { invalid } from './errors.ts'
import { newId } from './ids.ts'
import { page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  clearable,
  flag,
  listOf,
  mergeMetadata,
  metadata,
  required,
  text,
} from './parameters.ts'
import { type EndpointRecord, newSecret } from './webhooks.ts'
import { type Home, take } from './world.ts'

export type WebhookEndpoint = {
  id: string
  object: 'webhook_endpoint'
  api_version: string | null
  application: null
  created: number
  description: string | null
  enabled_events: string[]
  livemode: false
  metadata: Metadata
  status: 'disabled' | 'enabled'
  url: string
}

export type NewEndpoint = {
  url: string
  events?: readonly string[]
  /** Hears of connected accounts instead of the platform. */
  isConnect?: boolean
  secret?: string
}

export function addEndpoint(
  home: Home,
  wanted: NewEndpoint,
  place: number | null = null,
): EndpointRecord {
  const record: EndpointRecord = {
    endpoint: {
      id: newId('we'),
      object: 'webhook_endpoint',
      api_version: null,
      application: null,
      created: home.world.clock.now(),
      description: null,
      enabled_events: [...(wanted.events ?? ['*'])],
      livemode: false,
      metadata: {},
      status: 'enabled',
      url: checkUrl(wanted.url),
    },
    isConnect: wanted.isConnect === true,
    place,
    secrets: [{ secret: wanted.secret ?? newSecret(), until: null }],
  }
  home.endpoints.set(record.endpoint.id, record)
  return record
}

/** Those that are known from the start keep their names from one start to the next, whatever else is new about them. */
export function setEndpoints(home: Home, wanted: readonly NewEndpoint[]): void {
  const known = [...home.endpoints.values()]
  for (const [index, each] of wanted.entries()) {
    const before = known.find(({ place }) => place === index)
    const record = before ? takeEndpoint(home, before.endpoint.id) : addEndpoint(home, each, index)
    record.endpoint.url = checkUrl(each.url)
    record.endpoint.enabled_events = [...(each.events ?? ['*'])]
    if (each.secret !== undefined && record.secrets[0]?.secret !== each.secret)
      record.secrets = [{ secret: each.secret, until: null }]
  }
  for (const { endpoint, place } of known)
    if (place !== null && place >= wanted.length) home.endpoints.delete(endpoint.id)
}

/** A new secret; the old one signs as well for so long, at most a day. */
export function rollSecret(record: EndpointRecord, now: number, overlapSeconds: number): string {
  const secret = newSecret()
  const until = now + Math.min(overlapSeconds, 24 * 3600)
  record.secrets = [
    { secret, until: null },
    ...record.secrets.map((each) => ({ ...each, until: Math.min(each.until ?? until, until) })),
  ]
  return secret
}

export function takeEndpoint(home: Home, id: string): EndpointRecord {
  return take(home.endpoints, id, 'webhook endpoint')
}

/** Everything, or types by their whole names. */
function checkEvents(names: readonly string[]): void {
  if (names.length === 0)
    throw invalid('enabled_events cannot be empty.', { param: 'enabled_events' })
  const wrong = names.find((name) => name !== '*' && !/^[a-z_0-9]+(?:\.[a-z_0-9]+)+$/.test(name))
  if (wrong !== undefined)
    throw invalid(`Invalid enabled_events: ${wrong} is not an event.`, { param: 'enabled_events' })
}

/** Real Stripe wants https in live mode; in test mode any address will do. */
function checkUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw invalid('Invalid URL: an explicit scheme (such as https) must be provided.', {
    code: 'url_invalid',
    param: 'url',
  })
}

export const webhookEndpointOperations = [
  operation('POST /v1/webhook_endpoints', {
    parameters: {
      api_version: text,
      connect: flag,
      description: clearable(text),
      enabled_events: required(listOf(text)),
      metadata,
      url: required(text),
    },
    answers: 'webhook_endpoint',
    run({ home, values }) {
      if (home !== home.world.platform)
        throw invalid('Only the platform has webhook endpoints here: use connect=true.', {
          param: 'connect',
        })
      const { api_version: version = home.world.apiVersion } = values
      if (version !== home.world.apiVersion)
        throw invalid(`Invalid API version: this twin speaks ${home.world.apiVersion} only.`, {
          param: 'api_version',
        })
      checkEvents(values.enabled_events)
      const { endpoint, secrets } = addEndpoint(home, {
        url: values.url,
        events: values.enabled_events,
        isConnect: values.connect === true,
      })
      endpoint.api_version = values.api_version ?? null
      endpoint.description = values.description ?? null
      endpoint.metadata = mergeMetadata({}, values.metadata)
      // The secret is shown this once.
      return { ...endpoint, secret: secrets[0]?.secret }
    },
  }),
  operation('GET /v1/webhook_endpoints', {
    parameters: pageParameters,
    answers: 'webhook_endpoint',
    isList: true,
    run({ home, values }) {
      const found = [...home.endpoints.values()].map(({ endpoint }) => endpoint)
      return page('/v1/webhook_endpoints', found, values)
    },
  }),
  operation('GET /v1/webhook_endpoints/:id', {
    answers: 'webhook_endpoint',
    run: ({ home, part }) => takeEndpoint(home, part('id')).endpoint,
  }),
  operation('POST /v1/webhook_endpoints/:id', {
    parameters: {
      description: clearable(text),
      disabled: flag,
      enabled_events: listOf(text),
      metadata,
      url: text,
    },
    answers: 'webhook_endpoint',
    run({ home, values, part }) {
      const { endpoint } = takeEndpoint(home, part('id'))
      if (values.url !== undefined) endpoint.url = checkUrl(values.url)
      if (values.description !== undefined) endpoint.description = values.description
      checkEvents(values.enabled_events ?? ['*'])
      if (values.enabled_events) endpoint.enabled_events = values.enabled_events
      if (values.disabled !== undefined) endpoint.status = values.disabled ? 'disabled' : 'enabled'
      endpoint.metadata = mergeMetadata(endpoint.metadata, values.metadata)
      return endpoint
    },
  }),
  operation('DELETE /v1/webhook_endpoints/:id', {
    answers: 'webhook_endpoint',
    run({ home, part }) {
      const { endpoint } = takeEndpoint(home, part('id'))
      home.endpoints.delete(endpoint.id)
      return { id: endpoint.id, object: 'webhook_endpoint', deleted: true }
    },
  }),
]
