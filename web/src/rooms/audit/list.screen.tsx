/** The audit log: what was done and refused, by whom, to what. */
import * as audit from '@ashlar/sdk/audit'
import { useAddress } from '../../frame/address.ts'
import type { Filter } from '../../frame/filters.tsx'
import { useFormat } from '../../frame/format.ts'
import { TraceId, UserId, isUuid } from '../../frame/known-ids.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, Section } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { Exports } from './exports.tsx'
import { Actor, Outcome } from './fact-parts.tsx'
import { Verification } from './verification.tsx'
import { auditWords } from './words.ts'

export default function AuditScreen() {
  const words = useWords(auditWords)
  const format = useFormat()
  const { search } = useAddress()
  const filters = useFilters()
  const given = filters.map(({ name }) => [name, search[name]] as const)
  const set = Object.fromEntries(
    given.filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  return (
    <Screen title={words.audit} lead={words.lead}>
      <Verification />
      <Section title={words.entries} actions={<Exports filters={set} />}>
        <List
          name="audit"
          operation={audit.list}
          rowId={({ id }) => id}
          to={({ id }) => `/admin/audit/${id}`}
          empty={words.empty}
          filters={filters}
          order="-at"
          columns={[
            { id: 'at', sortBy: 'api', title: words.at, show: ({ at }) => format.time(at) },
            { id: 'action', title: words.action, show: ({ action }) => action },
            { id: 'status', title: words.status, show: ({ status }) => <Outcome is={status} /> },
            {
              id: 'actor',
              title: words.actor,
              show: ({ actor }) => <Actor of={actor} />,
              text: ({ actor }) => `${actor.kind} ${actor.id ?? ''}`.trim(),
            },
            {
              id: 'onBehalfOf',
              title: words.onBehalfOf,
              show: ({ onBehalfOf }) => <UserId id={onBehalfOf} />,
              isExtra: true,
            },
            {
              id: 'subjectId',
              title: words.subject,
              show: ({ subjectId }) => <TraceId id={subjectId} />,
            },
            {
              id: 'requestId',
              title: words.request,
              show: ({ requestId }) => <TraceId id={requestId} />,
            },
            { id: 'ip', title: words.ip, show: ({ ip }) => ip, isExtra: true },
          ]}
        />
      </Section>
    </Screen>
  )
}

function useFilters(): readonly Filter[] {
  const words = useWords(auditWords)
  const statuses = (['succeeded', 'refused', 'failed'] as const).map((value) => ({
    value,
    label: words[value],
  }))
  const id = (name: string, label: string): Filter => ({
    name,
    label,
    kind: 'text',
    isTaken: isUuid,
    hint: words.anId,
    isExtra: true,
  })
  return [
    { name: 'action', kind: 'text', label: words.action, placeholder: 'auth.signed_in' },
    { name: 'status', kind: 'choice', label: words.status, options: statuses },
    { name: 'from', kind: 'time', label: words.from },
    { name: 'to', kind: 'time', label: words.to },
    {
      name: 'room',
      kind: 'text',
      label: words.room,
      placeholder: 'auth',
      isTaken: (text) => /^[a-z][a-z0-9_]{0,62}$/.test(text),
      hint: words.aRoom,
      isExtra: true,
    },
    id('actorUserId', words.actorId),
    id('targetUserId', words.targetId),
    { name: 'subject', kind: 'text', label: words.subjectId, isExtra: true },
    id('onBehalfOf', words.onBehalfOf),
    { name: 'requestId', kind: 'text', label: words.request, isExtra: true },
  ]
}
