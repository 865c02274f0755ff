/* The commands that run a package manager. They have the names of the programs that they run. */
import type { Described, OptionDefinitions } from '@tarwarden/guard/command-line';

/** The options with `--print-env`. All other arguments of these commands go to npm or npx. */
export const PRINT_ENV_OPTIONS = {
  'print-env': {
    description:
      'print the variable that guards each npm of a shell, a CI job or an image, instead of running npm',
  },
  shell: {
    value: 'shell',
    choices: ['posix', 'github', 'powershell', 'dotenv'],
    default: 'posix',
    description:
      'print the variable in the form of this shell. "github" is an error that names the command to use instead',
  },
} as const satisfies OptionDefinitions;

/** Options of every one of these commands. They come right behind its name. */
const CONFINE_OPTIONS = {
  confine: {
    description:
      'Linux: let the package manager write only in the project, its own caches and a temporary folder. Scripts of packages that npm, pnpm, Yarn and bun run get no network and no secrets',
  },
  'confine-write': {
    value: 'folders',
    multiple: true,
    description: 'allow it to write in these folders as well, separated by commas',
  },
  'confine-env': {
    value: 'names',
    multiple: true,
    description: 'give these variables to the scripts as well, separated by commas',
  },
  hide: {
    value: 'paths',
    multiple: true,
    description: 'let nothing read the contents of these files and folders, separated by commas',
  },
} as const satisfies OptionDefinitions;

interface Client extends Pick<Described, 'description' | 'usage' | 'examples'> {
  /** The client in the summary. */
  readonly runs?: string;
  /** The client in the meanings of the exit codes. */
  readonly program: string;
  readonly refuses?: string;
  /** The meanings of exit codes that differ from those of most clients. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly options?: Described['options'];
}

function client(
  name: string,
  { runs = name, program, refuses, codes, ...fields }: Client,
): Described {
  const meanings = {
    '1': `the guard refused a ${refuses ?? 'package'}, and ${program} itself did not fail`,
    '2': 'the command line of tarwarden is wrong',
    '97': `tarwarden did not run ${program}: it cannot guard or confine it or the task`,
    '98': `${program} ran without the guard`,
    '127': 'there is no program of this name on the PATH',
    other: `the exit code of ${program}`,
    ...codes,
  };
  return {
    name,
    summary: `run ${runs} with the guard`,
    group: 'Package managers, guarded',
    arguments: [],
    options: CONFINE_OPTIONS,
    exitCodes: meanings,
    ...fields,
  };
}

/** The sentences about arguments, for most clients. */
const unchanged = (program: string, before: string): string =>
  `tarwarden passes all arguments to ${program} unchanged. Before ${before}. After a leading "--", it checks nothing.`;
const unread = (program: string): string =>
  `tarwarden passes all arguments to ${program} unchanged. A first --help prints this help; after a leading "--", ${program} gets it as well.`;

const OPTIONS_FIRST = '[--] [option...] <command> [argument...]';
const PACKAGE_FIRST = ['[--] [option...] <package> [argument...]'];

const PNPM =
  'tarwarden inspects each package before pnpm links it. No file of a repository can replace this guard or switch it off, and it leaves no trace in the lockfile. If a project asks for another version of pnpm, pnpm does not download that version: it prints which version the project asks for, and stops.';
const PIP =
  'tarwarden inspects each wheel and each source archive before pip unpacks, builds or installs it. This includes packages that pip downloads to build another one. If the guard refuses a package, pip stops.';

export const npm: Described = client('npm', {
  program: 'npm',
  description: [
    'Runs the real npm with the guard. The guard inspects each tarball before npm unpacks it. If the guard refuses a tarball, npm stops.',
    `tarwarden passes the command of npm, and everything after it, to npm unchanged. Options before this command are options of tarwarden, except --version; any other option there is an error. Everything after a leading "--" goes to npm.`,
    'To guard plain "npm" in a shell, evaluate the output of --print-env.',
  ],
  usage: ['[--] <command> [argument...]', '--print-env [--shell <shell>]'],
  examples: [
    'tarwarden npm ci',
    'tarwarden npm --confine ci',
    'tarwarden npm --confine --hide ~/.ssh,~/.aws run build',
    'tarwarden npm -- --prefix x ci',
    'tarwarden npm -- --help',
    'eval "$(tarwarden npm --print-env)"',
  ],
  options: { ...PRINT_ENV_OPTIONS, ...CONFINE_OPTIONS },
});

export const npx: Described = client('npx', {
  program: 'npm',
  description: [
    'Runs the real npx with the guard. The guard inspects each tarball before npx unpacks it. If the guard refuses a tarball, npx stops.',
    unchanged('npx', 'the name of the package, it accepts only options that npx has'),
  ],
  usage: PACKAGE_FIRST,
  examples: ['tarwarden npx create-something', 'tarwarden npx -- --help'],
});

export const pnpm: Described = client('pnpm', {
  program: 'pnpm',
  description: [
    `Runs the real pnpm with the guard. ${PNPM}`,
    unchanged(
      'pnpm',
      'the command of pnpm, it accepts only options that pnpm has there, such as --filter, -r, -C and --config.NAME=VALUE',
    ),
  ],
  usage: [OPTIONS_FIRST],
  examples: [
    'tarwarden pnpm install --frozen-lockfile',
    'tarwarden pnpm --confine install --frozen-lockfile',
    'tarwarden pnpm -- --help',
  ],
});

export const pnpx: Described = client('pnpx', {
  runs: 'pnpx ("pnpm dlx")',
  program: 'pnpm',
  description: [
    `Runs "pnpm dlx" with the guard. ${PNPM}`,
    unchanged('pnpm', 'the name of the package, it accepts only options that pnpx has'),
  ],
  usage: PACKAGE_FIRST,
  examples: ['tarwarden pnpx create-something', 'tarwarden pnpx -- --help'],
});

export const yarn: Described = client('yarn', {
  runs: 'Yarn 1, 3 or 4',
  program: 'Yarn',
  description: [
    'Runs the real Yarn with the guard. tarwarden inspects each package before Yarn unpacks it. If the guard refuses a package, Yarn stops. tarwarden does not change which Yarn runs.',
    "Yarn 3 and 4 load tarwarden's plugin because of a variable, whatever the .yarnrc.yml of the project says. So the project needs no plugin of its own. Yarn 1.22 loads the guard because of NODE_OPTIONS.",
    unchanged(
      'Yarn',
      'the command of Yarn, it accepts only options that Yarn has there, such as --cwd, --silent and --no-progress',
    ),
  ],
  usage: [OPTIONS_FIRST],
  examples: ['tarwarden yarn install --immutable', 'tarwarden yarn -- --help'],
  codes: {
    '97': 'tarwarden did not run Yarn: it cannot confine it, or it cannot guard this Yarn, such as Yarn 2 or a Yarn 1 that it does not know byte for byte',
  },
});

export const bun: Described = client('bun', {
  program: 'bun',
  description: [
    'Runs the real bun with the guard. bun has tarwarden inspect each package before it installs the package. If the guard refuses a package, bun stops.',
    unchanged(
      'bun',
      'the command of bun, it accepts only options that bun has there, so that a mistyped option is not ignored',
    ),
  ],
  usage: ['[--] <command> [argument...]'],
  examples: ['tarwarden bun install --frozen-lockfile', 'tarwarden bun add left-pad'],
});

export const bunx: Described = client('bunx', {
  program: 'bun',
  description: [
    'Runs the real bunx with the guard. The guard inspects each package before bunx installs it. If the guard refuses a package, bunx stops.',
    unchanged('bunx', 'the name of the package, it accepts only options that bunx has'),
  ],
  usage: PACKAGE_FIRST,
  examples: ['tarwarden bunx create-something', 'tarwarden bunx -- --help'],
});

export const go: Described = client('go', {
  program: 'go',
  refuses: 'module',
  description: [
    'Runs the real go, and gives it one GOPROXY: a module proxy of tarwarden on the loopback address. This proxy downloads modules from the proxies and repositories that you have set, and inspects each module zip before go gets it. If the guard refuses a module, go stops.',
    'go unpacks zips of its module cache without a download. So tarwarden inspects these zips before it runs go.',
    unchanged('go', 'the command of go, it accepts only the option -C'),
  ],
  usage: ['[--] [-C <dir>] <command> [argument...]'],
  examples: [
    'tarwarden go build ./...',
    'tarwarden go --confine generate ./...',
    'tarwarden go -- help build',
  ],
  codes: { '98': 'new modules are in the cache, and none of them came through the guard' },
});

export const pip: Described = client('pip', {
  program: 'pip',
  description: [
    `Runs the real pip with the guard. ${PIP}`,
    unchanged('pip', 'the command of pip, it accepts only options that pip has there'),
  ],
  usage: [OPTIONS_FIRST],
  examples: [
    'tarwarden pip install -r requirements.txt',
    'tarwarden pip --confine install -r requirements.txt',
    'tarwarden pip -- --help',
  ],
});

export const pip3: Described = {
  ...pip,
  name: 'pip3',
  summary: 'run pip3 with the guard',
  description: ['Does the same as "tarwarden pip", for the program pip3.'],
  examples: ['tarwarden pip3 install -r requirements.txt'],
};

export const python: Described = {
  ...client('python', {
    program: 'Python',
    description: [
      `Runs the real Python. The guard is in the pip of this Python ("python -m pip …") and of each Python that it starts. ${PIP}`,
      unread('Python'),
    ],
    usage: ['[--] [option...] [-m module | file] [argument...]'],
    examples: ['tarwarden python -m pip install -r requirements.txt'],
  }),
  summary: 'run Python with the guard in its pip',
};

export const python3: Described = {
  ...python,
  name: 'python3',
  summary: 'run Python 3 with the guard in its pip',
  description: ['Does the same as "tarwarden python", for the program python3.'],
  examples: ['tarwarden python3 -m pip install -r requirements.txt'],
};

export const gem: Described = client('gem', {
  program: 'gem',
  refuses: 'gem',
  description: [
    'Runs the real gem with the guard. tarwarden inspects each gem before RubyGems stores, unpacks, builds or installs it. If the guard refuses a gem, RubyGems stops.',
    unread('gem'),
  ],
  usage: ['[--] <command> [argument...]'],
  examples: [
    'tarwarden gem install rack',
    'tarwarden gem --confine install rack',
    'tarwarden gem -- --help',
  ],
});

export const bundle: Described = client('bundle', {
  runs: 'Bundler',
  program: 'Bundler',
  description: [
    'Runs the real Bundler with the guard, which is also in the Ruby programs that Bundler starts. tarwarden inspects each gem and each plugin before Bundler stores, unpacks, builds or installs it. If the guard refuses a gem, Bundler stops.',
    unread('bundle'),
  ],
  usage: ['[--] [command] [argument...]'],
  examples: ['tarwarden bundle install', 'tarwarden bundle -- --help'],
  codes: { '1': 'the guard refused a gem. Bundler has its own code for this, 19' },
});
