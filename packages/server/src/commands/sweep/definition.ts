import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const SWEEP_OPTIONS = {
  source: {
    value: 'source',
    description:
      'run: what is swept: list:FILE (package names or addresses of tarballs), folder:FOLDER (.tgz files), verdaccio:FOLDER (its storage) or feed:ADDRESS (the changes of a registry). worker: folder: and verdaccio: alone, to say where the files are',
  },
  registry: {
    value: 'address',
    default: 'https://registry.npmjs.org/',
    description: 'run, worker: where packages are fetched from',
  },
  queue: {
    value: 'address',
    description:
      'run, worker, board: redis://HOST, rediss://HOST or postgres://HOST/DATABASE (or TARWARDEN_SWEEP_QUEUE)',
  },
  ledger: {
    value: 'address',
    description:
      'postgres://HOST/DATABASE, where the verdicts are written (or TARWARDEN_SWEEP_LEDGER)',
  },
  name: {
    value: 'name',
    default: 'default',
    description:
      'run, worker, board: of the sweep; whoever gives the same name works on the same tasks',
  },
  'only-queue': {
    description: 'run: inspect nothing here, and wait for workers',
  },
  from: {
    value: 'place',
    default: '0',
    description: 'run: where a feed begins that was never read: 0, a place of the feed, or now',
  },
  follow: {
    description: 'run: stay, and read a feed again and again, until it is stopped',
  },
  interval: {
    value: 'seconds',
    default: '60',
    description: 'run --follow: between two readings of the feed',
  },
  backlog: {
    value: 'tasks',
    default: '10000',
    description: 'run: tasks that may wait in the queue',
  },
  concurrency: {
    value: 'tasks',
    default: '4',
    description: 'run, worker: packages, or groups of 50 tarballs, at once',
  },
  connections: {
    value: 'number',
    default: '16',
    description: 'run, worker: connections of this process to the registry',
  },
  rate: {
    value: 'tasks',
    description: 'run, worker: tasks in a second, by all workers together',
  },
  lock: {
    value: 'seconds',
    default: '30',
    description:
      'run, worker: after how long a task of a worker that was killed is given to another',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description:
      'run, worker: another host that tarballs may lie at, with its port; may be given several times',
  },
  key: {
    value: 'file',
    description: 'run, worker: private key that signs each verdict (`tarwarden keys generate`)',
  },
  storage: {
    value: 'storage',
    description:
      'run, worker: keep what is signed there as well, for `tarwarden-server verdicts serve`: a folder, redis://HOST, s3+https://HOST/BUCKET',
  },
  metrics: {
    value: 'place',
    description:
      'run, worker: serve /metrics for Prometheus at HOST:PORT, or at a port of the loopback address',
  },
  listen: {
    value: 'place',
    default: '127.0.0.1:3000',
    description: 'board: HOST:PORT',
  },
  'password-file': {
    value: 'file',
    description:
      'board: its first line is the password; nobody else may read it (or TARWARDEN_SWEEP_BOARD_PASSWORD; on a terminal, one is made)',
  },
  'allow-changes': {
    description: 'board: let it pause the queue, and try tasks again or take them out',
  },
  out: {
    value: 'file',
    description:
      'export: file for what was signed; report: file instead of the output. It is replaced',
  },
  parquet: {
    value: 'folder',
    description:
      'export: folder for all of the ledger as Parquet files, for DuckDB and others; files of an earlier export are replaced',
  },
  since: {
    value: 'day',
    description: 'report: list what was rejected since this day, YYYY-MM-DD',
  },
  reporter: {
    value: 'reporter',
    choices: ['text', 'json', 'html'],
    default: 'text',
    description: 'report: for a terminal, for programs, or a page with charts',
  },
} as const satisfies OptionDefinitions;

export const sweep: Described<typeof SWEEP_OPTIONS> = {
  name: 'sweep',
  program: 'tarwarden-server',
  summary: 'inspect a whole registry or mirror, on many machines',
  group: 'Servers',
  description: [
    '"run" reads a source, distributes tasks by a queue (Redis, Valkey or PostgreSQL), inspects as well, and ends when nothing is left. A run that was stopped goes on where it was. "worker" helps, on any machine, until it is stopped.',
    'The ledger (PostgreSQL) has each verdict once. What it has for these rules and this policy is not inspected again. Your own policy file counts. Addresses with passwords are better in the environment, where other users of the machine do not see them. TARWARDEN_SWEEP_TOKEN is sent to the registry as a bearer token.',
    '"board" shows the queue in a browser (Bull Board), behind a password, and changes nothing unless --allow-changes is given. It speaks HTTP: beyond this machine, put a server with TLS in front.',
    '"report" says what was found. "export --out" writes what was signed to a file that `tarwarden verdicts import` takes; "export --parquet" writes all of the ledger as tables for queries.',
  ],
  examples: [
    'tarwarden-server sweep run --source list:names.txt',
    'tarwarden-server sweep worker',
    'tarwarden-server sweep run --source verdaccio:/verdaccio/storage --name mirror',
    'tarwarden-server sweep worker --queue redis://redis --ledger postgres://pg/x',
    'tarwarden-server sweep run --source feed:https://npm.example/ --follow',
    'tarwarden-server sweep board --password-file board.txt',
    'tarwarden-server sweep report --since 2026-11-01',
    'tarwarden-server sweep report --reporter html --out report.html',
    'tarwarden-server sweep export --parquet tables',
  ],
  usage: [
    'run --source SOURCE [option...]',
    'worker [option...]',
    'board [option...]',
    'report [--since DAY] [--reporter NAME] [option...]',
    'export --out FILE [option...]',
    'export --parquet FOLDER [option...]',
  ],
  arguments: [
    {
      syntax: '<action>',
      description: 'what to do',
      choices: ['run', 'worker', 'board', 'report', 'export'],
    },
  ],
  options: SWEEP_OPTIONS,
  exitCodes: [
    ['0', 'done, or stopped'],
    ['1', 'run: the ledger has archives that were rejected'],
    [
      '2',
      'run: something was not inspected, or it was stopped before all was done. A queue, ledger, source, key or policy cannot be used, or wrong usage',
    ],
  ],
};
