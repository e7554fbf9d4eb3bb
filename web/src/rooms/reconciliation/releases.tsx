/** The circuit breaker: whether money may be paid out, and what is against it. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { Alert, List } from '@mantine/core'
import { useRead } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { classes } from './states.tsx'
import { reconciliationWords } from './words.ts'

export function Releases() {
  const words = useWords(reconciliationWords)
  const read = useRead(reconciliation.getReleases)
  const classText = (name: string) => {
    const known = classes.find((each) => each === name)
    return known === undefined ? name : words[`class_${known}`]
  }
  return (
    <Shown of={read} lines={2}>
      {({ isAllowed, blocks }) => (
        <Alert
          color={isAllowed ? 'teal' : 'red'}
          role="status"
          title={isAllowed ? words.releasesAllowed : words.releasesBlocked}
        >
          {isAllowed ? (
            words.releasesAllowedHint
          ) : (
            <List size="sm">
              {blocks.map(({ by, class: name, ref, driftId }) => (
                <List.Item key={`${by} ${name} ${ref}`}>
                  <Go
                    to={
                      driftId === null
                        ? '/admin/ledger/check'
                        : `/admin/reconciliation/drifts/${driftId}`
                    }
                    size="sm"
                  >
                    {classText(name)} {ref}
                  </Go>
                </List.Item>
              ))}
            </List>
          )}
        </Alert>
      )}
    </Shown>
  )
}
