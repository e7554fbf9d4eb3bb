/** The addresses of the application, made of what the rooms say. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { parseSearch, stringifySearch } from '../frame/address.ts'
import { findSession } from '../frame/session.ts'
import { Failure, Loading, NotFound } from '../frame/states.tsx'
import type { ScreenOf } from '../frame/room.ts'
import { startOf } from './landing.ts'
import { Root } from './root.tsx'
import { rooms } from './rooms.ts'

const screens = rooms.flat()
const isConsole = ({ path }: ScreenOf) => /^[/]admin(?:[/]|$)/.test(path)
const isPortal = ({ path }: ScreenOf) => /^[/]account(?:[/]|$)/.test(path)

const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
})

/** What is behind the sign-in sends whoever is not signed in there, and back afterwards. */
async function requireSignIn({ location }: { location: { href: string } }) {
  const { user } = await findSession()
  if (user === null) throw redirect({ to: '/sign-in', search: { to: location.href } } as never)
}

const layout = (id: string, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({
    getParentRoute: () => root,
    id,
    beforeLoad: requireSignIn,
    component: lazyRouteComponent(load),
  })

const inConsole = layout('console', () => import('./console-shell.tsx'))
const inPortal = layout('portal', () => import('./portal-shell.tsx'))
const alone = createRoute({
  getParentRoute: () => root,
  id: 'alone',
  component: lazyRouteComponent(() => import('./plain-shell.tsx')),
})

function routesIn(parent: typeof inConsole | typeof alone, chosen: readonly ScreenOf[]) {
  return chosen.map(({ path, load }) =>
    createRoute({
      getParentRoute: () => parent as typeof inConsole,
      path,
      component: lazyRouteComponent(load),
    }),
  )
}

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async () => {
    throw redirect({ to: startOf(await findSession()) } as never)
  },
})

const tree = root.addChildren([
  index,
  inConsole.addChildren(routesIn(inConsole, screens.filter(isConsole))),
  inPortal.addChildren(routesIn(inPortal, screens.filter(isPortal))),
  alone.addChildren(
    routesIn(
      alone,
      screens.filter((screen) => !isConsole(screen) && !isPortal(screen)),
    ),
  ),
])

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} onAgain={reset} />,
  defaultNotFoundComponent: NotFound,
})
