/** Links within the application. */
import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

type Target = {
  /** A path of ours, ids already in it. */
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
  readonly children: ReactNode
}

export const Go = ({ to, search, children, ...rest }: Target & AnchorProps) => (
  <Anchor renderRoot={(props) => <Link to={to} search={search} {...props} />} {...rest}>
    {children}
  </Anchor>
)

export const GoButton = ({ to, search, children, ...rest }: Target & ButtonProps) => (
  <Button renderRoot={(props) => <Link to={to} search={search} {...props} />} {...rest}>
    {children}
  </Button>
)
