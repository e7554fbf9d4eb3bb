/** Permissions of the monitoring room, with what each allows. */
export const permissions = {
  'monitoring.read':
    'See figures of requests, slow requests, security events, alerts and thresholds.',
  'monitoring.acknowledge': 'Acknowledge alerts.',
  'monitoring.configure': 'Change when an alert is raised.',
} as const
