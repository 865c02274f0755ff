import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';

export const SWEEP_OPTIONS = {
  source: {
    value: 'source',
    description:
      'run: the packages to inspect: list:FILE (package names or addresses of tarballs), folder:FOLDER (.tgz files), verdaccio:FOLDER (its storage) or feed:ADDRESS (the changes of a registry). worker: where this machine has the files of folder: or verdaccio:',
  },
  registry: {
    value: 'address',
    default: 'https://registry.npmjs.org/',
    description: 'run, worker: the registry that packages are fetched from',
  },
  queue: {
    value: 'address',
    description:
      'run, worker, board: the queue, as redis://HOST, rediss://HOST or postgres://HOST/DATABASE (default: TARWARDEN_SWEEP_QUEUE)',
  },
  ledger: {
    value: 'address',
    description:
      'the database for the verdicts, as postgres://HOST/DATABASE (default: TARWARDEN_SWEEP_LEDGER)',
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
    description: 'run: where to begin to read a new feed: 0, a position of the feed, or now',
  },
  follow: {
    description: 'run: read the feed until you stop the command',
  },
  interval: {
    value: 'seconds',
    default: '60',
    description: 'run --follow: the pause between two readings of the feed',
  },
  backlog: {
    value: 'tasks',
    default: '10000',
    description: 'run: the largest number of tasks that wait in the queue',
  },
  concurrency: {
    value: 'tasks',
    default: '4',
    description: 'run, worker: how many packages, or groups of 50 tarballs, to inspect at once',
  },
  connections: {
    value: 'number',
    default: '16',
    description: 'run, worker: the largest number of connections of this process to the registry',
  },
  rate: {
    value: 'tasks',
    description: 'run, worker: the largest number of tasks in a second, for all workers together',
  },
  lock: {
    value: 'seconds',
    default: '30',
    description:
      'run, worker: the time after which another worker gets the task of a worker that was killed',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description:
      'run, worker: another host that tarballs may come from, with its port. You can repeat the option',
  },
  key: {
    value: 'file',
    description: 'run, worker: the private key that signs each verdict (`tarwarden keys generate`)',
  },
  storage: {
    value: 'storage',
    description:
      'run, worker: also store the signed verdicts here, for `tarwarden-server verdicts serve`: a folder, redis://HOST or s3+https://HOST/BUCKET',
  },
  metrics: {
    value: 'place',
    description:
      'run, worker: serve /metrics for Prometheus at HOST:PORT, or at a port of the loopback address',
  },
  listen: {
    value: 'place',
    default: '127.0.0.1:3000',
    description: 'board: the address to listen on, as HOST:PORT',
  },
  'password-file': {
    value: 'file',
    description:
      'board: a file whose first line is the password. Only you may be able to read it (default: TARWARDEN_SWEEP_BOARD_PASSWORD, or on a terminal a password that the command makes)',
  },
  'allow-changes': {
    description: 'board: allow users to pause the queue, and to retry or remove tasks',
  },
  out: {
    value: 'file',
    description:
      'export: write the signed verdicts to this file. report: write the report to this file. An existing file is replaced',
  },
  parquet: {
    value: 'folder',
    description:
      'export: write the whole ledger to this folder as Parquet files, for DuckDB and other programs. Files of an earlier export are replaced',
  },
  since: {
    value: 'day',
    description: 'report: list the archives that were rejected on or after this day, YYYY-MM-DD',
  },
  ...reporterOptions('text', 'json', 'html'),
} as const satisfies OptionDefinitions;

export const sweep: Described<typeof SWEEP_OPTIONS> = {
  name: 'sweep',
  program: 'tarwarden-server',
  summary: 'inspect a whole registry or mirror on many machines',
  group: 'Servers',
  firstScreen: 4,
  printsData: ['report'],
  description: [
    '"run" reads a source, puts tasks into a queue (Redis, Valkey or PostgreSQL), and inspects archives as well. It ends when no task is left. If you stop it, the next run continues where this one ended. "worker" inspects archives on any machine until you stop it.',
    'The ledger (PostgreSQL) contains each verdict once. The sweep does not inspect an archive again if the ledger has its verdict for these rules and this policy. The sweep uses your own policy file. Put addresses with passwords into variables, because other users of the machine can see the command line. The sweep sends TARWARDEN_SWEEP_TOKEN to the registry as a bearer token.',
    '"board" serves a page (Bull Board) that shows the queue and asks for a password. Users can change the queue only if you give --allow-changes. The board uses HTTP without encryption: for other machines, put a server with TLS in front of it.',
    '"report" prints a summary of the verdicts. "export --out" writes the signed verdicts to a file for `tarwarden verdicts import`. "export --parquet" writes the whole ledger as tables for queries.',
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
      description: 'the task',
      choices: ['run', 'worker', 'board', 'report', 'export'],
    },
  ],
  options: SWEEP_OPTIONS,
  exitCodes: [
    ['0', 'the task is done, or you stopped it'],
    ['1', 'run: the ledger contains rejected archives'],
    [
      '2',
      'run: an archive was not inspected, or you stopped the run before it was done. All tasks: a queue, ledger, source, key or policy cannot be used, or wrong usage',
    ],
  ],
};
