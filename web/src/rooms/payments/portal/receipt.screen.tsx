/** The receipt of a payment, as it is printed. */
import * as payments from '@ashlar/sdk/payments'
import { Button, Paper, Stack, Table, Text } from '@mantine/core'
import { usePathId } from '../../../frame/address.ts'
import { useRead } from '../../../frame/api.ts'
import { type Money, useFormat } from '../../../frame/format.ts'
import { Amount, Facts, Screen } from '../../../frame/screen.tsx'
import { useMe } from '../../../frame/session.ts'
import { Empty, Shown } from '../../../frame/states.tsx'
import { fill, useWords } from '../../../frame/words.ts'
import { type Payment, isPaid } from './states.tsx'
import { ownPaymentsWords } from './words.ts'

export default function ReceiptScreen() {
  const words = useWords(ownPaymentsWords)
  const id = usePathId()
  return (
    <Shown of={useRead(payments.get, { path: { id } })} lines={10}>
      {(payment) => (
        <Screen
          title={words.receipt}
          trail={[
            { title: words.payments, to: '/account/payments' },
            {
              title: payment.description ?? words.noDescription,
              to: `/account/payments/${id}`,
            },
          ]}
          actions={isPaid(payment) && <Button onClick={() => print()}>{words.print}</Button>}
        >
          {isPaid(payment) ? <Receipt payment={payment} /> : <Empty>{words.noReceipt}</Empty>}
        </Screen>
      )}
    </Shown>
  )
}

const providerNames: Readonly<Record<Payment['provider'], string>> = { stripe: 'Stripe' }

function Receipt({ payment }: { readonly payment: Payment }) {
  const words = useWords(ownPaymentsWords)
  const format = useFormat()
  const { name, email } = useMe()
  const { captured, refunded, provider, providerRef } = payment
  const number = fill(words.providerRef, { provider: providerNames[provider] })
  return (
    <Paper withBorder p="lg" maw="44rem">
      <Stack>
        <Facts
          facts={[
            [words.number, payment.id],
            [words.paidAt, payment.heldAt && format.time(payment.heldAt)],
            [words.paidBy, name === null ? email : `${name}, ${email}`],
            [words.paidTo, location.host],
            ...(payment.reference === null ? [] : [[words.reference, payment.reference] as const]),
            ...(providerRef === null ? [] : [[number, providerRef] as const]),
          ]}
        />
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.description}</Table.Th>
              <Table.Th ta="right">{words.amount}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Line label={payment.description ?? words.noDescription} of={captured} />
            {refunded.amount !== '0' && (
              <Line
                label={words.refundedTotal}
                of={{ ...refunded, amount: `-${refunded.amount}` }}
              />
            )}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>{refunded.amount === '0' ? words.total : words.remains}</Table.Th>
              <Table.Th ta="right">
                <Text span fw={700}>
                  <Amount of={less(captured, refunded)} />
                </Text>
              </Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Stack>
    </Paper>
  )
}

const Line = ({ label, of }: { readonly label: string; readonly of: Money }) => (
  <Table.Tr>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{label}</Table.Td>
    <Table.Td ta="right">
      <Amount of={of} />
    </Table.Td>
  </Table.Tr>
)

/** Whole numbers of any length. */
const less = (money: Money, part: Money): Money => ({
  ...money,
  amount: String(BigInt(money.amount) - BigInt(part.amount)),
})
