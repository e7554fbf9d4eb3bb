/** The frame of console and portal: navigation beside or above, who one is, and the screen. */
import {
  AppShell,
  Box,
  Burger,
  Group,
  Menu,
  NavLink,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import { Link, Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { enrolmentPath } from '../frame/enrolment.ts'
import { frameWords } from '../frame/frame-words.ts'
import { type NavIcon, navIcons } from '../frame/nav-icons.tsx'
import type { ScreenOf } from '../frame/room.ts'
import { signOut, useMe, useSession } from '../frame/session.ts'
import { Loading } from '../frame/states.tsx'
import { useLanguage, useWords } from '../frame/words.ts'
import { Brand } from './brand.tsx'
import { LookChoice } from './look-choice.tsx'
import './print.css'
import './skip-link.css'

export type NavPart = {
  readonly id: string
  readonly title: string
  readonly screens: readonly ScreenOf[]
  /** What is no screen of ours: it opens beside them. */
  readonly links?: readonly {
    readonly href: string
    readonly title: string
    readonly icon: NavIcon
  }[]
}

export function Shell({
  home,
  parts,
  other,
  banner,
  tools,
}: {
  readonly home: string
  readonly parts: readonly NavPart[]
  /** The way to the other door: from the console to the account, and back. */
  readonly other: { readonly to: string; readonly title: string } | null
  readonly banner?: ReactNode
  readonly tools?: ReactNode
}) {
  const words = useWords(frameWords)
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { user, isEnrolmentDue } = useSession()
  // What is on the screen, which is not yet where one is going.
  const shown = useMatches({ select: (matches) => matches.at(-1)?.pathname })
  const { pathname } = useLocation()
  const open = nearest(
    parts.flatMap(({ screens }) => screens),
    pathname,
    home,
  )
  // The session ended under an open screen: its owner signs in and is back where they were.
  if (user === null) return <Leave to="/sign-in" />
  if (isEnrolmentDue && shown !== enrolmentPath) return <Leave to={enrolmentPath} />
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header px="md">
        <SkipLink />
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={words.menu}
            />
            <Brand to={home} />
          </Group>
          <Group gap="xs" wrap="nowrap">
            {tools}
            <LookChoice />
            <PersonMenu other={other} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={words.menu}>
        <Box style={{ overflowY: 'auto' }}>
          <Stack gap="md" onClick={close}>
            {parts.map((part) => (
              <NavSection key={part.id} part={part} open={open} />
            ))}
          </Stack>
        </Box>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {banner}
        <Box maw={1400} mx="auto">
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Box>
      </AppShell.Main>
    </AppShell>
  )
}

/** Elsewhere, with the way back: once, although this is drawn again while the next screen loads. */
function Leave({ to }: { readonly to: string }) {
  const navigate = useNavigate()
  const { href } = useLocation()
  const [from] = useState(href)
  useEffect(() => {
    void navigate({ to, search: { to: from } })
  }, [navigate, to, from])
  return <Loading />
}

function NavSection({
  part: { title, screens, links = [] },
  open,
}: {
  readonly part: NavPart
  /** The path of the one that is open, of all parts together. */
  readonly open: string | undefined
}) {
  const language = useLanguage()
  return (
    <Box>
      {title && (
        <Text size="xs" fw={600} c="dimmed" px="sm" pb={4}>
          {title}
        </Text>
      )}
      {screens.map(({ path, nav }) => {
        if (!nav) return null
        const Icon = navIcons[nav.icon]
        return (
          <NavLink
            key={path}
            // The router calls every beginning of the path active; `nearest` knows the one.
            renderRoot={(props) => (
              <Link to={path} activeOptions={{ exact: true, includeSearch: false }} {...props} />
            )}
            label={nav.title[language].title}
            leftSection={<Icon size={18} aria-hidden />}
            active={path === open}
            {...(path === open && { 'aria-current': 'page' as const })}
          />
        )
      })}
      {links.map(({ href, title: label, icon }) => {
        const Icon = navIcons[icon]
        return (
          <NavLink
            key={href}
            href={href}
            target="_blank"
            rel="noreferrer"
            label={label}
            leftSection={<Icon size={18} aria-hidden />}
          />
        )
      })}
    </Box>
  )
}

/** The screen whose path is the longest beginning of where one is: a detail belongs to its list. */
function nearest(screens: readonly ScreenOf[], pathname: string, home: string): string | undefined {
  return screens
    .map(({ path }) => path)
    .filter((path) => pathname === path || (path !== home && pathname.startsWith(`${path}/`)))
    .toSorted((one, another) => another.length - one.length)[0]
}

function SkipLink() {
  const words = useWords(frameWords)
  return (
    <a href="#content" className="skip-link">
      {words.skip}
    </a>
  )
}

function PersonMenu({
  other,
}: {
  readonly other: { readonly to: string; readonly title: string } | null
}) {
  const words = useWords(frameWords)
  const me = useMe()
  const navigate = useNavigate()
  const leave = () => navigate({ to: '/sign-in' })
  return (
    <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton aria-label={`${words.account}: ${me.name ?? me.email}`}>
          <Group gap={4} wrap="nowrap">
            <Text size="sm" truncate maw={160} visibleFrom="xs">
              {me.name ?? me.email}
            </Text>
            <IconChevronDown size={16} aria-hidden />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email}</Menu.Label>
        {other && (
          <Menu.Item renderRoot={(props) => <Link to={other.to} {...props} />}>
            {other.title}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void signOut(leave)}>{words.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
