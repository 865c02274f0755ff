import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { COLOUR_OPTIONS, FETCH_OPTIONS, FORMAT_OPTION, PACKAGE_OPTION } from '../common-options.ts';

export const SCAN_OPTIONS = {
  format: {
    ...FORMAT_OPTION,
    description:
      'what the archives are; without it, that is found by the name and the bytes of each',
  },
  package: PACKAGE_OPTION,
  ...FETCH_OPTIONS,
  reporter: {
    value: 'reporter',
    choices: ['text', 'json', 'ndjson', 'sarif'],
    default: 'text',
    description:
      'show results as text for people, one JSON document, one JSON object a line, or a SARIF log for code scanning',
  },
  links: {
    value: 'policy',
    choices: ['reject', 'contained'],
    description:
      'reject every link, or only links that leave the package; overrides the policy files',
  },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const scan: Described<typeof SCAN_OPTIONS> = {
  name: 'scan',
  summary: 'inspect archives, or folders of them, without unpacking',
  group: 'Archives',
  description: [
    'Inspects archives without unpacking them.',
    'A package is fetched with your settings and tokens. If a version has several archives, all that this machine may install are inspected.',
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
  options: SCAN_OPTIONS,
  exitCodes: [
    [
      '0',
      'everything was inspected and accepted; notes, warnings and excepted findings do not change that',
    ],
    ['1', 'something was rejected, whatever else happened'],
    [
      '2',
      'nothing was rejected, but something could not be inspected: missing, unreadable, not a regular file, too large, a link in a folder, a folder without archives; or the command line or a policy file is wrong, and nothing was inspected',
    ],
  ],
};
