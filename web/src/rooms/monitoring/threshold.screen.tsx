/** One threshold: changed, or put back. */
import * as monitoring from '@ashlar/sdk/monitoring'
import { Action } from '../../frame/action.tsx'
import { usePathId } from '../../frame/address.ts'
import { call, changed, useRead } from '../../frame/api.ts'
import { choice, number, toggle } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Facts, Screen, Section, YesNo } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { Severity, severities, useTypeWord } from './alert-parts.tsx'
import { useSpan } from './span.ts'
import { monitoringWords } from './words.ts'

type Threshold = Awaited<ReturnType<typeof monitoring.threshold>>
const place = 'admin/monitoring/thresholds'
const minute = 60

export default function ThresholdScreen() {
  const words = useWords(monitoringWords)
  const typeWord = useTypeWord()
  const mayChange = useMay()('monitoring.configure')
  const type = usePathId('type')
  const read = useRead(monitoring.threshold, { path: { type } })
  async function reset() {
    await call(monitoring.resetThreshold, { path: { type } })
    await changed(place)
  }
  return (
    <Shown of={read} lines={8}>
      {(threshold) => (
        <Screen
          title={typeWord(type)}
          trail={[
            { title: words.alerts, to: '/admin/alerts' },
            { title: words.thresholds, to: '/admin/thresholds' },
          ]}
          actions={
            mayChange &&
            threshold.source === 'api' && (
              <Action
                label={words.reset}
                consequence={words.resetWhat}
                done={words.resetDone}
                run={reset}
              />
            )
          }
        >
          <Section title={words.threshold}>
            {mayChange ? (
              <ThresholdForm key={JSON.stringify(threshold)} threshold={threshold} />
            ) : (
              <ThresholdFacts threshold={threshold} />
            )}
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function ThresholdForm({ threshold }: { readonly threshold: Threshold }) {
  const words = useWords(monitoringWords)
  const { type } = threshold
  const isShare = type === 'error_rate'
  const fields = {
    isEnabled: toggle({ label: words.isEnabled, initial: threshold.isEnabled }),
    threshold: number({
      label: isShare ? words.limitShare : words.limit,
      ...(isShare ? {} : { hint: words.limitHint }),
      initial: threshold.threshold,
      min: 1,
      required: true,
    }),
    windowSeconds: number({
      label: words.windowMinutes,
      initial: threshold.windowSeconds / minute,
      min: 1,
      max: 1440,
      required: true,
    }),
    severity: choice({
      label: words.severity,
      hint: words.severityHint,
      initial: threshold.severity,
      required: true,
      options: severities.map((value) => ({ value, label: words[value] })),
    }),
    coolDownSeconds: number({
      label: words.coolDownMinutes,
      initial: threshold.coolDownSeconds / minute,
      min: 1,
      max: 10_080,
      required: true,
    }),
  }
  const total = number({
    label: words.totalLimit,
    hint: words.totalLimitHint,
    initial: threshold.totalThreshold ?? '',
    min: 1,
  })
  const least = number({
    label: words.minRequests,
    hint: words.minRequestsHint,
    initial: threshold.minRequests ?? '',
    min: 1,
  })
  const send = async (given: {
    isEnabled: boolean
    threshold: number | ''
    windowSeconds: number | ''
    severity: string | null
    coolDownSeconds: number | ''
    totalThreshold?: number | ''
    minRequests?: number | ''
  }) => {
    const severity = severities.find((each) => each === given.severity) ?? threshold.severity
    const body = {
      isEnabled: given.isEnabled,
      threshold: Number(given.threshold),
      windowSeconds: Number(given.windowSeconds) * minute,
      coolDownSeconds: Number(given.coolDownSeconds) * minute,
      severity,
      ...(!isShare && { totalThreshold: given.totalThreshold || null }),
      ...(given.minRequests && { minRequests: given.minRequests }),
    }
    await call(monitoring.setThreshold, { path: { type }, body })
    await changed(place)
  }
  const common = { submit: words.save, done: words.saved, send }
  return isShare ? (
    <ApiForm fields={{ ...fields, minRequests: least }} {...common} />
  ) : (
    <ApiForm fields={{ ...fields, totalThreshold: total }} {...common} />
  )
}

function ThresholdFacts({ threshold }: { readonly threshold: Threshold }) {
  const words = useWords(monitoringWords)
  const span = useSpan()
  return (
    <Facts
      facts={[
        [words.isEnabled, <YesNo key="" is={threshold.isEnabled} />],
        [words.limit, threshold.threshold],
        [
          words.totalLimit,
          threshold.type === 'error_rate' ? null : (threshold.totalThreshold ?? words.never),
        ],
        [words.window, span(threshold.windowSeconds)],
        [words.severity, <Severity key="" is={threshold.severity} />],
        [words.coolDown, span(threshold.coolDownSeconds)],
        [words.comesFrom, words[threshold.source]],
      ]}
    />
  )
}
