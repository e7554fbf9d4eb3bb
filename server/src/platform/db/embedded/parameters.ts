/** The settings of the embedded server, each with its reason. What is not named here keeps PostgreSQL's default. */

/** Memory and connections for one application on one machine; the rest keeps what is said in private. */
const chosen: Readonly<Record<string, string>> = {
  cluster_name: 'ashlar', // shown by ps
  max_connections: '200', // pools of the server and its workers, migrations, and a hundred to spare
  shared_buffers: '128MB', // the working set of a small product, and little enough for a laptop
  jit: 'off', // compiling costs more than our short statements take, and the package brings no LLVM
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C', // we read a few of the messages
  password_encryption: 'scram-sha-256',
  log_destination: 'stderr',
  logging_collector: 'off', // we read the log and pass it on
  log_line_prefix: '', // whoever receives the lines adds time and source
  log_statement: 'none', // statements carry personal data
  log_min_duration_statement: '-1', // so do slow ones; durations are measured by the pool
  log_min_error_statement: 'panic', // and so do failed ones
  log_min_messages: 'log', // a refused insert is the caller's news; the server's own are kept
  log_error_verbosity: 'terse', // DETAIL quotes the values of the row
  log_checkpoints: 'off',
  log_lock_waits: 'on', // a wait beyond deadlock_timeout (1 s) is worth a line
}

/**
 * The arguments of `postgres`. The caller's settings win over ours, except for where the server listens: on the
 * loopback address only, and on no Unix socket (its path is limited to 107 bytes, and TCP serves everyone).
 */
export function serverArguments(
  cluster: string,
  port: number,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  const settings = {
    ...chosen,
    ...given,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
  }
  return [
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}
