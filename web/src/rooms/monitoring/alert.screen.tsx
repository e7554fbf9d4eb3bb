/** One alert. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Go } from '../../frame/go.tsx'
import { FactId, UserId } from '../../frame/known-ids.tsx'
import { Copyable, Facts, Screen, Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Acknowledge } from './acknowledge.tsx'
import { Severity, Source, StateOfAlert, useTypeWord } from './alert-parts.tsx'
import { useSpan } from './span.ts'
import { monitoringWords } from './words.ts'

export default function AlertScreen() {
  const words = useWords(monitoringWords)
  const format = useFormat()
  const typeWord = useTypeWord()
  const span = useSpan()
  const id = usePathId()
  const read = useRead(monitoring.alert, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(alert) => (
        <Screen
          title={typeWord(alert.type)}
          trail={[{ title: words.alerts, to: '/admin/alerts' }]}
          actions={alert.status === 'open' && <Acknowledge id={id} />}
        >
          <Section title={words.alert}>
            <Facts
              facts={[
                [words.severity, <Severity key="" is={alert.severity} />],
                [words.status, <StateOfAlert key="" is={alert.status} />],
                [words.count, format.number(alert.count)],
                [
                  words.threshold,
                  <Go key="" to={`/admin/thresholds/${alert.type}`} size="sm">
                    {fill(words.thresholdOf, {
                      count: alert.threshold,
                      span: span(alert.windowSeconds),
                    })}
                  </Go>,
                ],
                [words.source, <Source key="" of={alert} />],
                [words.first, format.time(alert.firstAt)],
                [words.last, format.time(alert.lastAt)],
                [words.raised, format.time(alert.createdAt)],
                [words.firstEvent, <FactId key="" id={alert.firstEventId} />],
                [words.lastEvent, <FactId key="" id={alert.lastEventId} />],
                ['Id', <Copyable key="" text={alert.id} />],
              ]}
            />
          </Section>
          {alert.status === 'acknowledged' && (
            <Section title={words.acknowledged}>
              <Facts
                facts={[
                  [words.acknowledgedBy, <UserId key="" id={alert.acknowledgedBy} />],
                  [words.acknowledgedAt, alert.acknowledgedAt && format.time(alert.acknowledgedAt)],
                  [words.note, alert.note],
                ]}
              />
            </Section>
          )}
        </Screen>
      )}
    </Shown>
  )
}
