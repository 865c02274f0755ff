import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const SWEEP_OPTIONS = {
  source: {
    value: 'source',
    description:
      'run: the packages to inspect: list:FILE (package names or addresses of tarballs), folder:FOLDER (.tgz files), verdaccio:FOLDER (its storage) or feed:ADDRESS (the changes of a registry). worker: only folder: and verdaccio:, for the place of the files',
  },
  registry: {
    value: 'address',
    default: 'https://registry.npmjs.org/',
    description: 'run, worker: the registry that packages are fetched from',
  },
  queue: {
    value: 'address',
    description:
      'run, worker, board: redis://HOST, rediss://HOST or postgres://HOST/DATABASE (or TARWARDEN_SWEEP_QUEUE)',
  },
  ledger: {
    value: 'address',
    description:
      'postgres://HOST/DATABASE, the database for the verdicts (or TARWARDEN_SWEEP_LEDGER)',
  },
  name: {
    value: 'name',
    default: 'default',
    description:
      'run, worker, board: the name of the sweep; processes with the same name work on the same tasks',
  },
  'only-queue': {
    description: 'run: inspect nothing here, and wait for workers',
  },
  from: {
    value: 'place',
    default: '0',
    description: 'run: where to begin with a new feed: 0, a position of the feed, or now',
  },
  follow: {
    description: 'run: keep reading the feed until the command is stopped',
  },
  interval: {
    value: 'seconds',
    default: '60',
    description: 'run --follow: the pause between two readings of the feed',
  },
  backlog: {
    value: 'tasks',
    default: '10000',
    description: 'run: the most tasks that wait in the queue',
  },
  concurrency: {
    value: 'tasks',
    default: '4',
    description: 'run, worker: packages, or groups of 50 tarballs, at once',
  },
  connections: {
    value: 'number',
    default: '16',
    description: 'run, worker: the most connections of this process to the registry',
  },
  rate: {
    value: 'tasks',
    description: 'run, worker: the most tasks in a second, of all workers together',
  },
  lock: {
    value: 'seconds',
    default: '30',
    description:
      'run, worker: the time after which a task of a killed worker goes to another worker',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description: 'run, worker: another host of tarballs, with its port; may be given several times',
  },
  key: {
    value: 'file',
    description: 'run, worker: the private key that signs each verdict (`tarwarden keys generate`)',
  },
  storage: {
    value: 'storage',
    description:
      'run, worker: another place for the signed verdicts, for `tarwarden-server verdicts serve`: a folder, redis://HOST, s3+https://HOST/BUCKET',
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
      'board: a file with the password in its first line, which no other user may read (or TARWARDEN_SWEEP_BOARD_PASSWORD; on a terminal, the command makes a password)',
  },
  'allow-changes': {
    description: 'board: allow users to pause the queue, and to retry or remove tasks',
  },
  out: {
    value: 'file',
    description:
      'export: the file for the signed verdicts; report: a file instead of standard output. An existing file is replaced',
  },
  parquet: {
    value: 'folder',
    description:
      'export: the folder for the whole ledger as Parquet files, for DuckDB and others; files of an earlier export are replaced',
  },
  since: {
    value: 'day',
    description: 'report: list the archives that were rejected since this day, YYYY-MM-DD',
  },
  reporter: {
    value: 'reporter',
    choices: ['text', 'json', 'html'],
    default: 'text',
    description: 'report: text for a terminal, JSON for programs, or an HTML page with charts',
  },
} as const satisfies OptionDefinitions;

export const sweep: Described<typeof SWEEP_OPTIONS> = {
  name: 'sweep',
  program: 'tarwarden-server',
  summary: 'inspect a whole registry or mirror, on many machines',
  group: 'Servers',
  description: [
    '"run" reads a source, distributes tasks by a queue (Redis, Valkey or PostgreSQL), inspects as well, and ends when nothing is left. After a stop, it continues where it was. "worker" helps, on any machine, until it is stopped.',
    'The ledger (PostgreSQL) contains each verdict once. An archive that has a verdict for these rules and this policy is not inspected again. The sweep uses your own policy file. Put addresses with passwords into the environment, where other users of the machine do not see them. The sweep sends TARWARDEN_SWEEP_TOKEN to the registry as a bearer token.',
    '"board" shows the queue in a browser (Bull Board), behind a password. Users can change something only with --allow-changes. It speaks HTTP: for other machines, put a server with TLS in front of it.',
    '"report" sums up the verdicts. "export --out" writes the signed verdicts to a file for `tarwarden verdicts import`; "export --parquet" writes the whole ledger as tables for queries.',
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
    ['1', 'run: the ledger has rejected archives'],
    [
      '2',
      'run: something was not inspected, or the run was stopped before all was done. A queue, ledger, source, key or policy cannot be used, or wrong usage',
    ],
  ],
};
