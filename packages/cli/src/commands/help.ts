import { didYouMean, quote } from '@tarwarden/core';
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
  tarwarden npm --print-env          print the variables that guard every npm of a job
  tarwarden rules [ID…]              list the rules, or describe some

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
  tarwarden npm ARG…
  tarwarden npx ARG…
  tarwarden npm --print-env [--shell posix|github|powershell|dotenv]

Every argument goes to npm as it is, --help as well. Every tarball that npm is about to unpack is judged
first; one that is rejected stops npm, and the exit code is not 0.

--print-env prints the environment variables that guard each npm of a shell, a CI job or an image:
  eval "$(tarwarden npm --print-env)"
  tarwarden npm --print-env --shell github >> "$GITHUB_ENV"
`;

const RULES = `tarwarden rules: list the rules, or describe some

Usage:
  tarwarden rules [--json] [ID…]

Options:
  --json                 as JSON: [{"id", "level", "summary", "remedy"}]
  --color, --no-color    paint, or do not (default: on a terminal)
  -h, --help             show this help
`;

const TEXTS: Readonly<Record<string, string>> = {
  scan: SCAN,
  explain: EXPLAIN,
  unpack: UNPACK,
  npm: NPM,
  npx: NPM,
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
