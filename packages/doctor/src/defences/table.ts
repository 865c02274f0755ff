/*
 * The settings, with their versions and defaults. These were taken from releases of the managers, one before and one after each change.
 */
import type { Purpose, Tool } from './defence.ts';

/** The values that count as on. */
export type WantedValue =
  | { readonly is: 'true' }
  | { readonly is: 'false' }
  /** A number above 0. */
  | { readonly is: 'number' }
  /** A number above 0, or one with a unit: `3d`. */
  | { readonly is: 'duration' }
  | { readonly is: 'one'; readonly of: readonly string[]; readonly not: readonly string[] }
  /** A list in which no pattern matches everything. */
  | { readonly is: 'narrow-list' };

/** Another setting that undoes the effect of this one. */
export interface Undoing {
  readonly setting: string;
  /** `open-list`: if it has a pattern that matches everything. `set-nearer`: if it is set in a layer that is at least as strong. */
  readonly when: 'true' | 'false' | 'set' | 'set-nearer' | 'open-list';
  /** The first version that has it. All have it if absent. */
  readonly since?: string;
}

export interface DefenceRow {
  readonly manager: Tool;
  readonly setting: string;
  readonly purpose: Purpose;
  /** The first version that has it. All have it if absent. */
  readonly since?: string;
  /** The first version in which it decides whether the purpose is met. It is not reported for older ones. */
  readonly decidesFrom?: string;
  /** The first version that no longer has it. */
  readonly until?: string;
  /** The default from each version on. The last that applies counts. */
  readonly defaults: readonly (readonly [from: string, value: boolean | number | string | null])[];
  readonly wanted: WantedValue;
  readonly line: string;
  readonly undoneBy?: readonly Undoing[];
  /** Settings that do more if they are on. */
  readonly coveredBy?: readonly string[];
}

const NPM_ALL: Undoing = { setting: 'dangerously-allow-all-scripts', when: 'true' };
const PNPM_ALL: Undoing = { setting: 'dangerouslyAllowAllBuilds', when: 'true' };
const TRUE = { is: 'true' } as const;
const FALSE = { is: 'false' } as const;

const NPM: readonly Omit<DefenceRow, 'manager'>[] = [
  {
    setting: 'ignore-scripts',
    purpose: 'scripts',
    defaults: [['0.0.0', false]],
    wanted: TRUE,
    line: 'ignore-scripts=true',
    coveredBy: ['dangerously-allow-all-scripts', 'strict-allow-scripts'],
  },
  {
    // From npm 12 on, only scripts of named packages run, unless this is set.
    setting: 'dangerously-allow-all-scripts',
    purpose: 'scripts',
    decidesFrom: '12.0.0',
    defaults: [['12.0.0', false]],
    wanted: FALSE,
    line: 'dangerously-allow-all-scripts=false',
    coveredBy: ['ignore-scripts'],
  },
  {
    setting: 'strict-allow-scripts',
    purpose: 'scripts',
    since: '11.16.0',
    defaults: [['11.16.0', false]],
    wanted: TRUE,
    line: 'strict-allow-scripts=true',
    undoneBy: [NPM_ALL],
    coveredBy: ['ignore-scripts'],
  },
  {
    setting: 'min-release-age',
    purpose: 'release-age',
    since: '11.10.0',
    defaults: [['11.10.0', null]],
    wanted: { is: 'number' },
    line: 'min-release-age=3',
    undoneBy: [
      { setting: 'before', when: 'set-nearer' },
      { setting: 'min-release-age-exclude', when: 'open-list' },
    ],
  },
  {
    setting: 'allow-git',
    purpose: 'exotic-sources',
    since: '11.9.0',
    defaults: [
      ['11.9.0', 'all'],
      ['12.0.0', 'none'],
    ],
    wanted: { is: 'one', of: ['root', 'none'], not: ['all'] },
    line: 'allow-git=root',
  },
  {
    setting: 'allow-remote',
    purpose: 'exotic-sources',
    since: '11.14.0',
    defaults: [
      ['11.14.0', 'all'],
      ['12.0.0', 'none'],
    ],
    wanted: { is: 'one', of: ['root', 'none'], not: ['all'] },
    line: 'allow-remote=root',
  },
];

const PNPM: readonly Omit<DefenceRow, 'manager'>[] = [
  {
    // From pnpm 10 on, only scripts of named dependencies run, unless this is set.
    setting: 'dangerouslyAllowAllBuilds',
    purpose: 'scripts',
    decidesFrom: '10.0.0',
    defaults: [['10.0.0', false]],
    wanted: FALSE,
    line: 'dangerouslyAllowAllBuilds: false',
    undoneBy: [{ setting: 'neverBuiltDependencies', when: 'set' }],
    coveredBy: ['ignoreScripts'],
  },
  {
    setting: 'ignoreScripts',
    purpose: 'scripts',
    defaults: [['0.0.0', false]],
    wanted: TRUE,
    line: 'ignoreScripts: true',
    coveredBy: ['dangerouslyAllowAllBuilds'],
  },
  {
    setting: 'strictDepBuilds',
    purpose: 'scripts',
    since: '10.3.0',
    defaults: [
      ['10.3.0', false],
      ['11.0.0', true],
    ],
    wanted: TRUE,
    line: 'strictDepBuilds: true',
    undoneBy: [PNPM_ALL, { setting: 'neverBuiltDependencies', when: 'set' }],
    coveredBy: ['ignoreScripts'],
  },
  {
    setting: 'minimumReleaseAge',
    purpose: 'release-age',
    since: '10.16.0',
    defaults: [
      ['10.16.0', 0],
      ['11.0.0', 1440],
    ],
    wanted: { is: 'number' },
    line: 'minimumReleaseAge: 4320',
    undoneBy: [
      { setting: 'minimumReleaseAgeStrict', when: 'false', since: '11.0.0' },
      { setting: 'minimumReleaseAgeExclude', when: 'open-list' },
    ],
  },
  {
    setting: 'blockExoticSubdeps',
    purpose: 'exotic-sources',
    since: '10.26.0',
    defaults: [
      ['10.26.0', false],
      ['11.0.0', true],
    ],
    wanted: TRUE,
    line: 'blockExoticSubdeps: true',
  },
  {
    setting: 'trustPolicy',
    purpose: 'trust',
    since: '10.21.0',
    defaults: [['10.21.0', 'off']],
    wanted: { is: 'one', of: ['no-downgrade'], not: ['off'] },
    line: 'trustPolicy: no-downgrade',
    undoneBy: [{ setting: 'trustPolicyExclude', when: 'open-list' }],
  },
];

const YARN: readonly Omit<DefenceRow, 'manager'>[] = [
  {
    setting: 'ignore-scripts',
    purpose: 'scripts',
    until: '2.0.0',
    defaults: [['0.0.0', false]],
    wanted: TRUE,
    line: 'ignore-scripts true',
  },
  {
    setting: 'enableScripts',
    purpose: 'scripts',
    decidesFrom: '2.0.0',
    defaults: [
      ['2.0.0', true],
      ['4.14.0', false],
    ],
    wanted: FALSE,
    line: 'enableScripts: false',
  },
  {
    setting: 'npmMinimalAgeGate',
    purpose: 'release-age',
    since: '4.10.0',
    defaults: [
      ['4.10.0', 0],
      ['4.15.0', 1440],
    ],
    wanted: { is: 'duration' },
    line: 'npmMinimalAgeGate: 4320',
    undoneBy: [{ setting: 'npmPreapprovedPackages', when: 'open-list' }],
  },
  {
    setting: 'approvedGitRepositories',
    purpose: 'exotic-sources',
    since: '4.14.0',
    defaults: [['4.14.0', '']],
    wanted: { is: 'narrow-list' },
    line: 'approvedGitRepositories: []',
  },
  {
    // If unset, it is on only for pull requests of strangers to a public repository.
    setting: 'enableHardenedMode',
    purpose: 'integrity',
    since: '4.0.0',
    defaults: [['4.0.0', null]],
    wanted: TRUE,
    line: 'enableHardenedMode: true',
  },
  {
    setting: 'checksumBehavior',
    purpose: 'integrity',
    since: '2.0.0',
    defaults: [['2.0.0', 'throw']],
    wanted: { is: 'one', of: ['throw'], not: ['update', 'ignore', 'reset'] },
    line: 'checksumBehavior: throw',
  },
];

export const ROWS: readonly DefenceRow[] = [
  ...NPM.map((row) => ({ manager: 'npm' as const, ...row })),
  ...PNPM.map((row) => ({ manager: 'pnpm' as const, ...row })),
  ...YARN.map((row) => ({ manager: 'yarn' as const, ...row })),
];

/** The last major version with known defaults. */
export const KNOWN_MAJORS: Readonly<Record<Tool, number>> = { npm: 12, pnpm: 12, yarn: 4 };

/** The settings file of a project. */
export function fileFor(manager: Tool, major: number): string {
  if (manager === 'npm') return '.npmrc';
  if (manager === 'pnpm') return major < 10 ? '.npmrc' : 'pnpm-workspace.yaml';
  return major < 2 ? '.yarnrc' : '.yarnrc.yml';
}
