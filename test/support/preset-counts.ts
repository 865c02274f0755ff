import type { Format, RuleId } from '@tarwarden/core';

/** Archives in which a rule found something, of so many that were counted. */
export type FoundIn = readonly [found: number, of: number];

/** A survey of real archives of one format, with what it found. The pages of the surveys have the same numbers: a test compares them. */
export interface Survey {
  readonly format: Format;
  /** The page below `docs` that says which archives these are. */
  readonly page: string;
  readonly archives: number;
  readonly found: Readonly<Partial<Record<RuleId, number>>>;
  /** Rules that are younger than the survey, with the archives in which they were counted. Undefined: they were not counted. */
  readonly apart: Readonly<Partial<Record<RuleId, FoundIn | undefined>>>;
}

export const SURVEYS: readonly Survey[] = [
  {
    format: 'npm',
    page: 'survey.md',
    archives: 11_338,
    found: {
      'install-script': 83,
      'duplicate-path-identical': 36,
      'bin-target-missing': 1,
      'executable-for-others': 1,
    },
    apart: { 'registry-other-field': [1, 12_570] },
  },
  {
    format: 'wheel',
    page: 'survey-python.md',
    archives: 158,
    found: {
      'wheel-path-file': 7,
      'wheel-record-incomplete': 6,
      'repeated-directory': 1,
    },
    apart: { 'dependency-outside-registry': undefined },
  },
  {
    format: 'sdist',
    page: 'survey-python.md',
    archives: 830,
    found: {
      'special-mode-bits': 5,
      symlink: 3,
      'duplicate-path-identical': 1,
      hardlink: 1,
    },
    // These sdists are tars. The rules about zips were not counted in sdists.
    apart: {
      'dependency-outside-registry': [0, 828],
      'zip-unusual-field': undefined,
      'zip-old-form': undefined,
    },
  },
  {
    format: 'gem',
    page: 'survey-ruby.md',
    archives: 2633,
    found: { symlink: 1, 'gzip-optional-header': 1 },
    apart: { 'gem-extension': [59, 1219], 'gem-plugin': [2, 256] },
  },
  {
    format: 'gomod',
    page: 'survey-go.md',
    archives: 1015,
    found: { 'go-mod-other-path': 1, 'windows-character': 1 },
    apart: {},
  },
];
