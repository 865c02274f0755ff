import { didYouMean, quote } from '@tarwarden/core/text';
import manifest from '../../package.json' with { type: 'json' };
import { write } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const OVERVIEW = `tarwarden: judges package archives before they are unpacked

Usage:
  tarwarden scan [OPTION…] PATH…     judge archives, or folders of them
  tarwarden explain [OPTION…] FILE   say what is wrong with an archive, where, and whom it would hit
  tarwarden unpack [OPTION…] FILE DIR
                                     judge an archive, and unpack it into a new folder
  tarwarden npm ARG…                 run npm, guarded: every tarball is judged before it is unpacked
  tarwarden npx ARG…                 run npx, guarded
  tarwarden pnpm ARG…                run pnpm, guarded; no setting of a repository can take the guard out
  tarwarden pnpx ARG…                run pnpx, guarded
  tarwarden yarn ARG…                run Yarn 3 or 4, guarded
  tarwarden shims DIR                write guarded npm, npx, pnpm, pnpx, yarn for the front of the PATH
  tarwarden npm --print-env          print the variables that guard every npm of a job
  tarwarden verify                   show that npm, npx, pnpm and yarn, as typed here, are guarded
  tarwarden rules [ID…]              list the rules, or print the pages of some

Options:
  -h, --help       show this help; "tarwarden COMMAND --help" for a command
  -v, --version    show the version

Exit codes: 0 all accepted, 1 something rejected, 2 something could not be inspected, or wrong usage.
`;

const SCAN = `tarwarden scan: judge archives without unpacking them

Usage:
  tarwarden scan [OPTION…] PATH…

PATH is an archive, or a folder that is searched for *.tgz, *.tar.gz and *.tar files, for the content of
an npm cache (_cacache/content-v2) and for the archives of a Yarn cache. Links in folders are not followed. "-" reads a list of paths from
standard input, separated by NUL when it holds one, else by line ends.

Options:
  --format npm|yarn-zip     what the archives are; unless given, a name in .zip is an archive of Yarn's
                            cache, any other a tarball
  --package NAME@VERSION    the package that the archives are expected to be
  --reporter text|json|ndjson
                            how results are shown: for people (default), as one JSON document, or as one
                            JSON line a file
  --links reject|contained  reject every link (default), or only those that leave the package
  --color, --no-color       paint, or do not (default: on a terminal)
  -h, --help                show this help

Exit codes: 1 something rejected; else 2 something could not be inspected, or wrong usage; else 0.
`;

const EXPLAIN = `tarwarden explain: say what is wrong with an archive, where, and what each package manager would make of it

Usage:
  tarwarden explain [OPTION…] FILE

Options:
  --package NAME@VERSION    the package that the archive is expected to be
  --reporter text|json      for people (default), or as one JSON document
  --color, --no-color       paint, or do not (default: on a terminal)
  -h, --help                show this help

Exit codes: 0 accepted, 1 rejected, 2 could not be inspected, or wrong usage.
`;

const UNPACK = `tarwarden unpack: judge an archive and unpack it, or refuse it

Usage:
  tarwarden unpack [OPTION…] FILE DIR

FILE is an npm package archive. Its files are written to DIR, without their first folder, as package managers
do. DIR must not exist, or be an empty folder; the folder that it lies in must exist, and no symbolic link is
followed on the way there. Nothing is written when the archive is rejected, and nothing is left when writing fails.

Options:
  --package NAME@VERSION    the package that the archive is expected to be
  --reporter text|json      how the result is shown: for people (default), or as one JSON document
  --color, --no-color       paint, or do not (default: on a terminal)
  -h, --help                show this help

Exit codes: 0 unpacked, 1 the archive was refused, 2 something else went wrong, or wrong usage.
`;

const NPM = `tarwarden npm, tarwarden npx: run the real npm or npx, guarded

Usage:
  tarwarden npm [--] COMMAND ARG…
  tarwarden npx [--] ARG…
  tarwarden npm --print-env [--shell posix|github|powershell|dotenv]

Everything from npm's command on goes to npm as it is. Options before it are tarwarden's, but for --version;
an unknown one is an error. Behind a leading "--" all is npm's: tarwarden npm -- --prefix x ci
npx takes its own options before the package: the known ones go through.

Every tarball that npm is about to unpack is judged first; one that is rejected stops npm, and the exit
code is not 0.

--print-env prints the environment variables that guard each npm of a shell, a CI job or an image:
  eval "$(tarwarden npm --print-env)"

Exit codes: npm's own; 1 a package was refused, 97 this npm cannot be guarded, 98 npm ran without the guard,
127 there is no npm; 2 wrong usage of tarwarden.
`;

const PNPM = `tarwarden pnpm, tarwarden pnpx: run the real pnpm, guarded

Usage:
  tarwarden pnpm [--] ARG…
  tarwarden pnpx [--] ARG…

Every argument goes to pnpm as it is. Options before the command must be known to be pnpm's (--filter, -r, -C,
--config.…); an unknown one is an error. Behind a leading "--" nothing is looked at.

Every package is judged before pnpm links it. The hook that does so is set where no file of a repository can
replace it or switch it off, and leaves no trace in the lockfile. pnpm does not download another version of itself
for a project that names one: it says which it wants, and stops.

Exit codes: pnpm's own; 1 a package was refused, 97 this pnpm, or what it was asked for, cannot be guarded, 98 pnpm
ran without the guard, 127 there is no pnpm; 2 wrong usage of tarwarden.
`;

const YARN = `tarwarden yarn: run the real Yarn 3 or 4, guarded

Usage:
  tarwarden yarn [--] ARG…

Every argument goes to Yarn as it is. The plugin is loaded by a variable, whatever the project's .yarnrc.yml names; the
project needs no plugin of its own, and may have one.

Exit codes: Yarn's own; 1 a package was refused, 97 this Yarn cannot be guarded (Yarn 1), 98 Yarn ran without the guard,
127 there is no yarn; 2 wrong usage of tarwarden.
`;

const SHIMS = `tarwarden shims: write guarded package managers for the front of the PATH

Usage:
  tarwarden shims [--manager NAME]… DIR

Writes npm, npx, pnpm, pnpx, yarn and yarnpkg into DIR. Each runs the program of its name that is behind it on the
PATH by "tarwarden npm", "tarwarden pnpm" or "tarwarden yarn", and where that cannot be, nothing. Prints DIR and nothing else:
  tarwarden shims "$RUNNER_TEMP/tarwarden" >> "$GITHUB_PATH"
  tarwarden shims ~/.tarwarden/shims && export PATH="$HOME/.tarwarden/shims:$PATH"
Then let "tarwarden verify" show that they are in the way.

Options:
  --manager NAME   only this one; may be given several times
  -h, --help       show this help

Exit codes: 0 written; 2 a file of that name is there and is not one of ours, others can write to DIR, or
wrong usage. Those of the written commands are
those of "tarwarden npm", "pnpm" and "yarn"; 97 also where tarwarden or its Node is gone.
`;

const VERIFY = `tarwarden verify: show that the package managers run guarded here

Usage:
  tarwarden verify [OPTION…]

Plain npm, npx, pnpm and yarn, as they would be typed, each install a harmless package that the guard has to
refuse, and a clean one that it has to let pass: with your PATH, variables and user configuration, with the settings
of this folder's project that decide about the guard, and with its pnpmfile or Yarn plugins, which are run. All in
a temporary folder, from a registry on the loopback address; nothing is asked of the network.

Options:
  --manager npm|npx|pnpm|yarn
                         only this one; may be given several times (default: those on the PATH)
  --json                 as one JSON document
  --color, --no-color    paint, or do not (default: on a terminal)
  -h, --help             show this help

Exit codes: 0 each is guarded; 1 one ran unguarded; 2 none did, but of one nothing could be shown (it failed, is
not there, did not end), or wrong usage.
`;

const RULES = `tarwarden rules: list the rules, or print the pages of some

Usage:
  tarwarden rules [--json] [ID…]

Options:
  --json                 as JSON: [{"id", "level", "summary", "remedy"}]; with ids also "page", in Markdown
  --color, --no-color    paint, or do not (default: on a terminal)
  -h, --help             show this help
`;

const TEXTS: Readonly<Record<string, string>> = {
  scan: SCAN,
  explain: EXPLAIN,
  unpack: UNPACK,
  npm: NPM,
  npx: NPM,
  pnpm: PNPM,
  pnpx: PNPM,
  yarn: YARN,
  shims: SHIMS,
  verify: VERIFY,
  rules: RULES,
};

/** Prints the help of one command, of all where none is named. Resolves to exit code 0. */
export async function printHelp(command?: string): Promise<0> {
  await write(command === undefined ? OVERVIEW : (TEXTS[command] ?? OVERVIEW));
  return 0;
}

/** `tarwarden help [COMMAND]`, and `--help` without a command. */
export async function help(args: readonly string[]): Promise<number> {
  const command = args.find((arg) => !arg.startsWith('-'));
  if (command !== undefined && !Object.hasOwn(TEXTS, command)) {
    throw new UsageError(`no command ${quote(command)}${didYouMean(command, Object.keys(TEXTS))}`);
  }
  return printHelp(command);
}

export async function version(): Promise<number> {
  await write(`${manifest.version}\n`);
  return 0;
}
