/** As much of `oidc-provider` as the twin uses: the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type KoaContext = {
    path: string
    method: string
    status: number
    body: unknown
    readonly oidc?: {
      readonly client?: { readonly clientId: string }
      readonly session?: { readonly accountId?: string }
      readonly params?: Readonly<Record<string, unknown>>
      readonly entities?: {
        readonly Account?: { readonly accountId: string }
        readonly Client?: { readonly clientId: string }
      }
    }
  }

  export class Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    readonly Grant: {
      new (properties: { accountId: string; clientId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): void
    on(name: string, listener: (...args: readonly unknown[]) => void): void
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ readonly uid: string; readonly params: Readonly<Record<string, unknown>> }>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Readonly<Record<string, unknown>>,
    ): Promise<void>
  }
}
