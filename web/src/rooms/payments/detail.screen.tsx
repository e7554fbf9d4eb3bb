/** One payment: how it stands, where its money is, and everything that belongs to it. */
import * as payments from '@ashlar/sdk/payments'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { GoButton } from '../../frame/go.tsx'
import { PaymentState } from '../../frame/money-states.tsx'
import { Person } from '../../frame/person.tsx'
import { Facts, TabbedParts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { AttemptsPart } from './attempts.tsx'
import { DisputesPart, LedgerPart, RefundsPart, ToldPart } from './belongings.tsx'
import { type Payment, nameOf, restOf } from './name.ts'
import { RefundButton } from './refund-form.tsx'
import { TimelinePart } from './timeline.tsx'
import { paymentsWords } from './words.ts'

export default function PaymentScreen() {
  const words = useWords(paymentsWords)
  const id = usePathId()
  const read = useRead(payments.get, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(payment) => (
        <Screen
          title={nameOf(payment)}
          trail={[{ title: words.payments, to: '/admin/payments' }]}
          actions={<Actions of={payment} />}
        >
          <Section title={words.payment}>
            <Basics of={payment} />
          </Section>
          <Section title={words.money}>
            <WhereMoneyIs of={payment} />
          </Section>
          <Parts of={payment} />
        </Screen>
      )}
    </Shown>
  )
}

function Actions({ of: payment }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  const may = useMay()
  return (
    <>
      {may('audit.read') && (
        <GoButton to="/admin/audit" search={{ subject: payment.id }} variant="default">
          {words.audit}
        </GoButton>
      )}
      {may('audit.trace') && (
        <GoButton to={`/admin/trace/${payment.id}`} variant="default">
          {words.trace}
        </GoButton>
      )}
      {may('refunds.create') && restOf(payment).amount !== '0' && <RefundButton of={payment} />}
    </>
  )
}

function Basics({ of: payment }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  return (
    <Facts
      facts={[
        [words.price, <Amount key="" of={payment.price} />],
        [words.state, <PaymentState key="" state={payment.state} />],
        [words.meaning, words[`means_${payment.state}`]],
        [words.failure, payment.failure],
        [words.customer, <Person key="" id={payment.userId} />],
        [words.description, payment.description],
        [words.reference, payment.reference],
        [words.providerRef, payment.providerRef && <Copyable key="" text={payment.providerRef} />],
        [words.created, <When key="" at={payment.createdAt} />],
        [words.heldAt, <When key="" at={payment.heldAt} />],
        ['Id', <Copyable key="" text={payment.id} />],
      ]}
    />
  )
}

function WhereMoneyIs({ of: payment }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  return (
    <Facts
      facts={[
        [words.captured, <Amount key="" of={payment.captured} />],
        [words.refunded, <Amount key="" of={payment.refunded} />],
        [words.refundPending, <Amount key="" of={payment.refundPending} />],
        [words.disputed, <Amount key="" of={payment.disputed} />],
        [words.chargedBack, <Amount key="" of={payment.chargedBack} />],
        [words.rest, <Amount key="" of={restOf(payment)} />],
      ]}
    />
  )
}

function Parts({ of: payment }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  const may = useMay()
  const parts = [
    { id: 'timeline', title: words.timeline, body: <TimelinePart of={payment} />, can: null },
    { id: 'attempts', title: words.attempts, body: <AttemptsPart of={payment} />, can: null },
    {
      id: 'refunds',
      title: words.refunds,
      body: <RefundsPart of={payment} />,
      can: 'refunds.read',
    },
    {
      id: 'disputes',
      title: words.disputes,
      body: <DisputesPart of={payment} />,
      can: 'disputes.read',
    },
    { id: 'ledger', title: words.ledger, body: <LedgerPart of={payment} />, can: 'ledger.read' },
    { id: 'told', title: words.told, body: <ToldPart of={payment} />, can: 'inbox.read' },
  ]
  return <TabbedParts tabs={parts.filter(({ can }) => can === null || may(can))} />
}
