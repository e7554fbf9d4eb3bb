/** A transaction as the API gives it, and what it moved. */
import type * as ledger from '@ashlar/sdk/ledger'
import { sumsOf } from '../../frame/amounts.ts'
import type { Money } from '../../frame/format.ts'

export type Transaction = Awaited<ReturnType<typeof ledger.getTransaction>>

export const movedBy = ({ postings }: Pick<Transaction, 'postings'>): readonly Money[] =>
  sumsOf(postings.map(({ amount }) => amount))
