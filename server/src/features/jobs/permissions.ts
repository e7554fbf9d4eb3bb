/** Permissions of the jobs room, with what each allows. */
export const permissions = {
  'jobs.read': 'See background jobs, dead letters and what the clock starts.',
  'jobs.manage':
    'Run dead letters again, throw them away, and start by hand what the clock starts.',
} as const
