/** Who may do what, and why. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'access.read_roles'

export const accessScreens = defineScreens(
  {
    path: '/admin/roles',
    load: () => import('./roles.screen.tsx'),
    can,
    nav: { group: 'people', title: title('Roles', 'Rollen'), icon: 'roles' },
  },
  {
    path: '/admin/roles/matrix',
    load: () => import('./matrix.screen.tsx'),
    can,
    nav: {
      group: 'people',
      title: title('Roles and rights', 'Rollen und Rechte'),
      icon: 'table',
    },
  },
  { path: '/admin/roles/new', load: () => import('./new-role.screen.tsx'), can },
  { path: '/admin/roles/$name', load: () => import('./role.screen.tsx'), can },
  { path: '/admin/roles/$name/edit', load: () => import('./edit-role.screen.tsx'), can },
  {
    path: '/admin/explain',
    load: () => import('./explain.screen.tsx'),
    can,
    nav: {
      group: 'people',
      title: title('Why may they?', 'Warum erlaubt?'),
      icon: 'help',
    },
  },
)
