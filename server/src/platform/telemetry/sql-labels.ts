/** Which operation and which table a statement is about, told from its text, in a bounded number of labels. */

export type SqlLabels = { readonly operation: string; readonly table: string }

/** Statements without a table, by their first word. */
const withoutTable = new Set(
  'begin commit rollback savepoint release start set reset show listen unlisten notify lock discard explain analyze vacuum call do prepare execute deallocate fetch declare close'.split(
    ' ',
  ),
)
const schemaChanges = new Set(
  'create alter drop truncate comment grant revoke reindex refresh'.split(' '),
)

const leading = /^(?:\s+|--[^\n]*\n|\/\*[^]*?\*\/|\()*([a-z]+)/i
const name = String.raw`(?:only\s+)?(?:"?\w+"?\.)?"?([a-z_]\w{0,62})(?!\w)"?`
const writes: readonly (readonly [operation: string, pattern: RegExp])[] = [
  ['insert', new RegExp(String.raw`\binsert\s+into\s+${name}`, 'i')],
  ['delete', new RegExp(String.raw`\bdelete\s+from\s+${name}`, 'i')],
  ['merge', new RegExp(String.raw`\bmerge\s+into\s+${name}`, 'i')],
  ['update', new RegExp(String.raw`\bupdate\s+${name}\s+(?:(?:as\s+)?"?\w+"?\s+)?set\b`, 'i')],
]
const source = new RegExp(String.raw`\bfrom\s+${name}(?!\w|"|\s*\()`, 'i')
/** `extract(epoch from created_at)` has a `from` that names no table. */
const functionsWithFrom = /\b(?:extract|substring|trim|overlay)\s*\([^()]*\)/gi

/** Only this much of a statement is read; a bulk insert may have megabytes of placeholders. */
const readLength = 2_000

/** The labels of a statement; what cannot be told is `other`, a statement about no table has the table `none`. */
export function sqlLabels(statement: string): SqlLabels {
  const text = statement.slice(0, readLength)
  const first = leading.exec(text)?.[1]?.toLowerCase() ?? ''
  if (first === 'copy') return { operation: 'copy', table: tableAfter(/\bcopy\s+/i, text) }
  if (withoutTable.has(first)) return { operation: first, table: 'none' }
  if (schemaChanges.has(first)) return { operation: 'ddl', table: 'none' }
  if (first === 'select' || first === 'values' || first === 'table') return selectFrom(text)
  if (first !== 'with' && !writes.some(([operation]) => operation === first)) {
    return { operation: 'other', table: 'other' }
  }
  for (const [operation, pattern] of writes) {
    const table = pattern.exec(text)?.[1]
    if (table && (first === 'with' || first === operation)) {
      return { operation, table: table.toLowerCase() }
    }
  }
  return first === 'with' ? selectFrom(text) : { operation: first, table: 'other' }
}

function selectFrom(text: string): SqlLabels {
  const table = source.exec(text.replaceAll(functionsWithFrom, ''))?.[1]
  return { operation: 'select', table: table?.toLowerCase() ?? 'none' }
}

function tableAfter(start: RegExp, text: string): string {
  return new RegExp(start.source + name, 'i').exec(text)?.[1]?.toLowerCase() ?? 'other'
}

/** Names of SQLSTATE codes worth an alert of their own; others are counted by their class. */
const namedStates: Readonly<Record<string, string>> = {
  '23505': 'unique_violation',
  '23503': 'foreign_key_violation',
  '23502': 'not_null_violation',
  '23514': 'check_violation',
  '23P01': 'exclusion_violation',
  '40001': 'serialization_failure',
  '40P01': 'deadlock_detected',
  '55P03': 'lock_not_available',
  '57014': 'query_canceled',
  '25P02': 'in_failed_transaction',
  '42501': 'insufficient_privilege',
}
const namedClasses: Readonly<Record<string, string>> = {
  '08': 'connection',
  '22': 'invalid_data',
  '23': 'integrity_constraint',
  '25': 'transaction_state',
  '28': 'authorization',
  '40': 'transaction_rollback',
  '42': 'syntax_or_access',
  '53': 'insufficient_resources',
  '57': 'operator_intervention',
  '58': 'system',
  XX: 'internal',
}

/** The kind of a failed statement (PostgreSQL appendix A), `connection` for the network's, `other` for the rest. */
export function sqlErrorType(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    return namedStates[code] ?? namedClasses[code.slice(0, 2)] ?? 'other'
  }
  const isNetwork = /^E[A-Z]+$/.test(code) || /connection|terminated|closed/i.test(error.message)
  if (isNetwork) return 'connection'
  return /timeout/i.test(error.message) ? 'timeout' : 'other'
}
