/** The log as a file, as it is filtered. */
import * as audit from '@ashlar/sdk/audit'
import { Action } from '../../frame/action.tsx'
import type { Search } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { saveFile } from '../../frame/save-file.ts'
import { useMay } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { auditWords } from './words.ts'

/** A million entries take their time. */
const timeoutMs = 600_000

export function Exports({ filters }: { readonly filters: Search }) {
  const words = useWords(auditWords)
  if (!useMay()('audit.export')) return null
  async function take(format: 'csv' | 'ndjson', type: string) {
    const content = await call(audit.export, { query: { ...filters, format }, timeoutMs })
    saveFile(`audit-${new Date().toISOString().slice(0, 10)}.${format}`, content, type)
  }
  return (
    <>
      <Action label={words.exportCsv} size="xs" run={() => take('csv', 'text/csv')} />
      <Action
        label={words.exportLines}
        size="xs"
        run={() => take('ndjson', 'application/x-ndjson')}
      />
    </>
  )
}
