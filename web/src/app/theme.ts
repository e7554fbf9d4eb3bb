/** The looks of the application: the green of the house on grey, and the reader's own font. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const green: MantineColorsTuple = [
  '#eef7f3',
  '#dcebe5',
  '#b4d6c9',
  '#8ac1ac',
  '#68af93',
  '#53a484',
  '#3c8f70',
  '#2f7a5f',
  '#2f5d50',
  '#1d4a3d',
]

export const theme = createTheme({
  primaryColor: 'green',
  colors: { green },
  // Text on these is at least 4.5 : 1 (WCAG 2.2, 1.4.3).
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  // Where white on a colour is 4.5 : 1; on what is lighter, black is more.
  luminanceThreshold: 0.1833,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

/** Quiet text, states and errors, dark or light enough to be read: the library's own miss 4.5 : 1 (WCAG 2.2, 1.4.3). */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-teal-light-color': '#05533b',
    '--mantine-color-red-light-color': '#9c1c1c',
    '--mantine-color-orange-light-color': '#8f2f00',
    '--mantine-color-blue-light-color': '#12497d',
    '--mantine-color-gray-light-color': 'var(--mantine-color-gray-8)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-teal-light-color': 'var(--mantine-color-teal-2)',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-2)',
    // The text on it is chosen for the light scheme's shade.
    '--mantine-color-red-filled': 'var(--mantine-color-red-8)',
    '--mantine-color-red-filled-hover': 'var(--mantine-color-red-9)',
    '--mantine-color-orange-light-color': 'var(--mantine-color-orange-2)',
    '--mantine-color-blue-light-color': 'var(--mantine-color-blue-2)',
    '--mantine-color-gray-light-color': 'var(--mantine-color-gray-2)',
  },
})
