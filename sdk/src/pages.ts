/** Lists, row by row, as far as somebody reads. */
import type { Client } from './client.ts'
import type { InputsOf, Operation } from './operation.ts'

type Page = {
  readonly data: readonly unknown[]
  readonly meta: { readonly nextCursor: string | null }
}
type RowOf<List> = List extends { data: readonly (infer Row)[] } ? Row : never

/**
 * `for await (const user of pages(client, users.list, { query: { search: 'ada' } }))`: the next page is asked for when the
 * last row of the one before has been taken. `limit` in the query is rows per page.
 */
export async function* pages<Data extends { query?: object }, List extends Page, Failure>(
  client: Client,
  list: Operation<Data, List, Failure>,
  ...[input]: InputsOf<Data>
): AsyncGenerator<RowOf<List>, void, undefined> {
  const call = list as unknown as (client: Client, input: object) => Promise<Page>
  const { query, ...rest }: { query?: object | undefined } = input ?? {}
  let next: { cursor?: string } = {}
  for (;;) {
    const { data, meta } = await call(client, { ...rest, query: { ...query, ...next } })
    yield* data as readonly RowOf<List>[]
    if (meta.nextCursor === null) return
    next = { cursor: meta.nextCursor }
  }
}
