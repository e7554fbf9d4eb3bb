/** What a list shows, as a file (RFC 4180): all pages, as they are filtered. */
import type { Operation } from '@ashlar/sdk'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { call } from './api.ts'
import { frameWords } from './frame-words.ts'
import { csvOf } from './csv.ts'
import type { Column, ListAnswer, RowOf } from './list-screen.tsx'
import { notify } from './notify.ts'
import { useProblemText } from './problem-text.ts'
import { saveFile } from './save-file.ts'
import { fill, useWords } from './words.ts'

/** One minute's requests, with some left for whoever goes on working meanwhile. */
const pageSize = 100
const mostRows = 5_000

export function CsvButton<Data, Response, Failed>({
  name,
  operation,
  input,
  columns,
}: {
  readonly name: string
  readonly operation: Operation<Data, Response, Failed>
  readonly input: { readonly path?: object; readonly query: object }
  readonly columns: readonly Column<RowOf<Response>>[]
}) {
  const words = useWords(frameWords)
  const problemText = useProblemText()
  const [isBusy, setIsBusy] = useState(false)

  async function download() {
    setIsBusy(true)
    try {
      const { rows, isCut } = await readAll(operation, input)
      saveFile(`${name}.csv`, csvOf(rows, columns), 'text/csv')
      if (isCut) void notify({ message: fill(words.csvCut, { count: rows.length }) })
    } catch (error) {
      void notify({ message: problemText(error), color: 'red' })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Button variant="default" size="xs" loading={isBusy} onClick={() => void download()}>
      {words.csv}
    </Button>
  )
}

async function readAll<Data, Response, Failed>(
  operation: Operation<Data, Response, Failed>,
  input: { readonly query: object },
): Promise<{ rows: RowOf<Response>[]; isCut: boolean }> {
  const list = operation as unknown as Operation<
    { query?: object; url: string },
    ListAnswer<RowOf<Response>>
  >
  const rows: RowOf<Response>[] = []
  let cursor: string | null = null
  do {
    const query: object = { ...input.query, limit: pageSize, ...(cursor !== null && { cursor }) }
    const page: ListAnswer<RowOf<Response>> = await call(list, { ...input, query })
    rows.push(...page.data)
    cursor = page.meta.nextCursor
  } while (cursor !== null && rows.length < mostRows)
  return { rows, isCut: cursor !== null }
}
