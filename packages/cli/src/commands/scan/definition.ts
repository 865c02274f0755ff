import { reporterOptions, type Described } from '@tarwarden/guard/command-line';
import { FETCH_OPTIONS, FORMAT_OPTION, PACKAGE_OPTION } from '../common-options.ts';

export const definition = {
  name: 'scan',
  summary: 'inspect archives, or all archives in folders, without unpacking',
  group: 'Archives',
  firstScreen: 5,
  description: [
    'Inspects archives and does not unpack them.',
    'tarwarden fetches a package with your settings and tokens. If a version has several archives, it inspects all that this machine may install.',
  ],
  examples: [
    'tarwarden scan vendor/ left-pad-1.3.0.tgz',
    'tarwarden scan left-pad@1.3.0 pypi:requests@2.32.3',
    'tarwarden scan --reporter json ~/.npm',
    "git ls-files -z '*.tgz' | tarwarden scan --reporter ndjson -",
  ],
  arguments: [
    {
      syntax: '<path...>',
      complete: 'files',
      description:
        'an archive; a folder, searched for *.tgz, *.tar.gz, *.tar, *.whl and *.gem files, zips of Python source archives, the content of an npm cache, the archives of a Yarn cache and the zips of a Go module cache (links in folders are not followed); "-" for a list of paths on standard input, separated by NUL if it holds one, else by line ends; a package with one exact version (left-pad@1.3.0, pypi:NAME@VERSION, gem:NAME@VERSION, go:MODULE@vVERSION), which is fetched; or the https address of an archive',
    },
  ],
  options: {
    format: {
      ...FORMAT_OPTION,
      description:
        'the format of the archives. By default, tarwarden finds the format of each by its name and its bytes',
    },
    package: PACKAGE_OPTION,
    ...FETCH_OPTIONS,
    ...reporterOptions('text', 'json', 'ndjson', 'sarif'),
    links: {
      value: 'policy',
      choices: ['reject', 'contained'],
      description:
        'reject every link, or only links that leave the package, whatever the policy files say',
    },
  },
  exitCodes: {
    '0': 'every archive was inspected and accepted. Notes, warnings and excepted findings do not change this code',
    '1': 'an archive was rejected, whatever else happened',
    '2': 'no archive was rejected, but one was not inspected: it is missing, unreadable, too large, a link, or not a regular file, or a folder contains no archive. Or the command line or a policy file is wrong, and nothing was inspected',
  },
} as const satisfies Described;
