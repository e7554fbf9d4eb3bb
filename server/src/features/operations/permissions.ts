/** Permissions of the operations room, with what each allows. */
export const permissions = {
  'operations.read_overview': 'See the home of the console, as far as each part of it may be read.',
  'operations.read_settings': 'See the settings in force, without their secrets.',
  'operations.check': 'See the checklist of a first run, and try each part of it.',
} as const
