import type { Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'sweep',
  program: 'tarwarden-server',
  summary: 'inspect many npm packages on many machines',
  group: 'Servers',
  firstScreen: 2,
  printsData: true,
  description: [
    '"run" reads a list of npm packages, or the cache of a gateway, puts the archives into a queue (Redis or Valkey), and inspects archives as well. It writes one JSON object for each archive. It ends when each archive has a result. "worker" inspects archives on any machine until you stop it.',
    'If you stop a run, or if it crashes, the same command with the same --out continues: it keeps the verdicts of the present rules and policy, and inspects all other archives.',
    'All processes use the policy file of their own user, as it is when they start. A worker works for a run only if both have the same rules and the same policy. They send TARWARDEN_SWEEP_TOKEN to the registry as a bearer token. Put an address with a password into a variable, because other users of the machine can see the command line.',
  ],
  examples: [
    'tarwarden-server sweep run --list names.txt --out verdicts.ndjson',
    'tarwarden-server sweep worker --queue redis://queue.example.com',
    'tarwarden-server sweep run --cache /var/cache/tarwarden --out verdicts.ndjson',
  ],
  usage: ['run --list FILE [option...]', 'run --cache FOLDER [option...]', 'worker [option...]'],
  arguments: [{ syntax: '<action>', description: 'the task', choices: ['run', 'worker'] }],
  options: {
    list: {
      value: 'file',
      description: 'run: a file with NAME, NAME@VERSION or the address of a tarball on each line',
    },
    cache: {
      value: 'folder',
      description: "run: the folder of a gateway's cache. A worker needs it as well",
    },
    out: {
      value: 'file',
      description:
        'run: write the results to this file instead of standard output. If the file has results already, the run inspects only the other archives',
    },
    queue: {
      value: 'address',
      description:
        'the queue, as redis://HOST or rediss://HOST, with /NUMBER for another database of it (default: TARWARDEN_SWEEP_QUEUE)',
    },
    registry: {
      value: 'address',
      default: 'https://registry.npmjs.org/',
      description: 'the registry that packages are fetched from',
    },
    'allow-host': {
      value: 'host',
      multiple: true,
      description: 'another host (HOST:PORT) for tarballs. You can repeat the option',
    },
    'only-queue': { description: 'run: inspect nothing here, and wait for workers' },
    concurrency: {
      value: 'archives',
      default: '8',
      description: 'the largest number of archives that this process inspects at once',
    },
  },
  exitCodes: {
    '0': 'run: all archives were accepted. worker: you stopped it',
    '1': 'run: an archive was rejected',
    '2': 'run: an archive was not inspected, or you stopped the run. Both: the queue, the list, the cache, the file or a policy cannot be used, or wrong usage',
  },
} as const satisfies Described;
