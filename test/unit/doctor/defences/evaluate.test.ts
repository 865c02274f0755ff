/** One setting: by version, by value, and by what undoes it. */
import type { SettingsLayer } from '@tarwarden/settings';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../../../packages/doctor/src/defences/defence.ts';
import {
  evaluate,
  type DefenceFinding,
} from '../../../../packages/doctor/src/defences/evaluate.ts';
import { ROWS } from '../../../../packages/doctor/src/defences/table.ts';

const layer = (values: Readonly<Record<string, unknown>>, file = '.npmrc'): SettingsLayer => ({
  values: new Map(Object.entries(values)),
  origin: () => ({ kind: 'file', file, author: 'project' }),
});

function look(
  manager: Tool,
  setting: string,
  version: string,
  ...layers: readonly SettingsLayer[]
): DefenceFinding | undefined {
  const row = ROWS.find((one) => one.manager === manager && one.setting === setting);
  return evaluate(row!, version, layers);
}

describe('what is not set', () => {
  it.each([
    ['npm', 'ignore-scripts', '6.0.0', 'off'],
    ['npm', 'strict-allow-scripts', '11.15.0', 'unavailable'],
    ['npm', 'strict-allow-scripts', '11.16.0', 'off'],
    ['npm', 'min-release-age', '11.9.0', 'unavailable'],
    ['npm', 'min-release-age', '11.10.0', 'off'],
    ['npm', 'allow-git', '11.8.0', 'unavailable'],
    ['npm', 'allow-git', '11.9.0', 'off'],
    ['npm', 'allow-git', '12.0.0', 'on'],
    ['npm', 'allow-remote', '11.13.0', 'unavailable'],
    ['npm', 'allow-remote', '11.14.0', 'off'],
    ['npm', 'allow-remote', '12.0.0', 'on'],
    ['npm', 'dangerously-allow-all-scripts', '11.21.0', undefined],
    ['npm', 'dangerously-allow-all-scripts', '12.0.0', 'on'],
    ['pnpm', 'dangerouslyAllowAllBuilds', '9.15.0', undefined],
    ['pnpm', 'dangerouslyAllowAllBuilds', '10.0.0', 'on'],
    ['pnpm', 'strictDepBuilds', '10.2.0', 'unavailable'],
    ['pnpm', 'strictDepBuilds', '10.3.0', 'off'],
    ['pnpm', 'strictDepBuilds', '11.0.0', 'on'],
    ['pnpm', 'minimumReleaseAge', '10.15.1', 'unavailable'],
    ['pnpm', 'minimumReleaseAge', '10.16.0', 'off'],
    ['pnpm', 'minimumReleaseAge', '11.0.0', 'on'],
    ['pnpm', 'blockExoticSubdeps', '10.25.0', 'unavailable'],
    ['pnpm', 'blockExoticSubdeps', '10.26.0', 'off'],
    ['pnpm', 'blockExoticSubdeps', '11.0.0', 'on'],
    ['pnpm', 'trustPolicy', '10.20.0', 'unavailable'],
    ['pnpm', 'trustPolicy', '12.21.0', 'off'],
    ['yarn', 'ignore-scripts', '1.22.22', 'off'],
    ['yarn', 'ignore-scripts', '2.0.0', undefined],
    ['yarn', 'enableScripts', '1.22.22', undefined],
    ['yarn', 'enableScripts', '4.13.0', 'off'],
    ['yarn', 'enableScripts', '4.14.0', 'on'],
    ['yarn', 'npmMinimalAgeGate', '4.9.4', 'unavailable'],
    ['yarn', 'npmMinimalAgeGate', '4.14.0', 'off'],
    ['yarn', 'npmMinimalAgeGate', '4.15.0', 'on'],
    ['yarn', 'approvedGitRepositories', '4.13.0', 'unavailable'],
    ['yarn', 'approvedGitRepositories', '4.14.0', 'on'],
    ['yarn', 'enableHardenedMode', '3.8.7', 'unavailable'],
    ['yarn', 'enableHardenedMode', '4.0.0', 'off'],
    ['yarn', 'checksumBehavior', '3.8.7', 'on'],
  ] as const)('is in %s, for %s of %s, %s', (manager, setting, version, state) => {
    expect(look(manager, setting, version)?.state).toBe(state);
  });

  it.each([
    ['npm', 'allow-git', '13.0.0'],
    ['pnpm', 'blockExoticSubdeps', '13.0.0'],
    ['yarn', 'enableScripts', '5.0.0'],
  ] as const)('is not known to be on in %s, for %s of %s', (manager, setting, version) => {
    expect(look(manager, setting, version)?.state).toBe('unknown');
  });
});

describe('what is set', () => {
  it.each([
    ['ignore-scripts', true, 'on'],
    ['ignore-scripts', 'true', 'on'],
    ['ignore-scripts', 'false', 'off'],
    ['ignore-scripts', 'yes', 'unknown'],
    ['ignore-scripts', '${IGNORE}', 'unknown'],
    ['ignore-scripts', ['true'], 'unknown'],
    ['min-release-age', '3', 'on'],
    ['min-release-age', '0', 'off'],
    ['min-release-age', 'null', 'off'],
    ['min-release-age', '-1', 'unknown'],
    ['allow-git', 'root', 'on'],
    ['allow-git', 'none', 'on'],
    ['allow-git', 'all', 'off'],
    ['allow-git', 'some', 'unknown'],
  ])('to npm, as %s = %j, is %s', (setting, value, state) => {
    expect(look('npm', setting, '12.2.0', layer({ [setting]: value }))?.state).toBe(state);
  });

  it.each([
    ['npmMinimalAgeGate', '3d', 'on'],
    ['npmMinimalAgeGate', '0d', 'off'],
    ['npmMinimalAgeGate', '3 moons', 'unknown'],
    ['enableScripts', null, 'unknown'],
    ['approvedGitRepositories', [], 'on'],
    ['approvedGitRepositories', ['https://github.com/own/*'], 'on'],
    ['approvedGitRepositories', ['https://github.com/own/*', '**'], 'off'],
    ['approvedGitRepositories', ['https://**'], 'off'],
    ['approvedGitRepositories', [{}], 'unknown'],
    ['checksumBehavior', 'ignore', 'off'],
  ])('to Yarn, as %s = %j, is %s', (setting, value, state) => {
    expect(look('yarn', setting, '4.18.1', layer({ [setting]: value }))?.state).toBe(state);
  });

  it('counts by the strongest', () => {
    const found = look(
      'npm',
      'ignore-scripts',
      '12.2.0',
      layer({ 'ignore-scripts': 'false' }),
      layer({ 'ignore-scripts': 'true' }, 'other'),
    );
    expect(found).toMatchObject({ state: 'off', source: { file: '.npmrc' } });
  });

  it('counts in any file, for a list that Yarn joins', () => {
    const setting = 'approvedGitRepositories';
    const layers = [layer({ [setting]: [] }), layer({ [setting]: ['**'] }, 'above')];
    expect(look('yarn', setting, '4.18.1', ...layers)).toMatchObject({
      state: 'off',
      value: '**',
      source: { file: 'above' },
    });
  });

  it('is not known behind a file that cannot be read, and is in front of one', () => {
    const hidden: SettingsLayer = { ...layer({}), unreadable: 'no' };
    const set = layer({ 'ignore-scripts': 'true' });
    expect(look('npm', 'ignore-scripts', '12.2.0', hidden, set)?.state).toBe('unknown');
    expect(look('npm', 'ignore-scripts', '12.2.0', set, hidden)?.state).toBe('on');
  });

  it('is never written out where aliases make it endless', () => {
    let endless: unknown[] = ['**'];
    for (let at = 1; at < 40; at++) endless = [endless, endless];
    const values = layer({ approvedGitRepositories: endless, npmMinimalAgeGate: endless });
    for (const setting of ['approvedGitRepositories', 'npmMinimalAgeGate'])
      expect(look('yarn', setting, '4.18.1', values)).toMatchObject({
        state: 'unknown',
        value: undefined,
      });
  });
});

describe('what is undone', () => {
  it.each([
    [
      'npm',
      'min-release-age',
      '12.2.0',
      { 'min-release-age': '3', 'min-release-age-exclude': '*' },
    ],
    [
      'npm',
      'strict-allow-scripts',
      '12.2.0',
      { 'strict-allow-scripts': 'true', 'dangerously-allow-all-scripts': 'true' },
    ],
    ['pnpm', 'minimumReleaseAge', '12.0.0', { minimumReleaseAgeExclude: ['a', '*'] }],
    ['pnpm', 'strictDepBuilds', '12.0.0', { dangerouslyAllowAllBuilds: true }],
    ['pnpm', 'dangerouslyAllowAllBuilds', '10.34.8', { neverBuiltDependencies: [] }],
    ['pnpm', 'trustPolicy', '12.0.0', { trustPolicy: 'no-downgrade', trustPolicyExclude: ['**'] }],
    ['yarn', 'npmMinimalAgeGate', '4.18.1', { npmPreapprovedPackages: ['*'] }],
    ['npm', 'min-release-age', '12.2.0', { 'min-release-age': '3', before: '2099-01-01' }],
    [
      'pnpm',
      'minimumReleaseAge',
      '12.0.0',
      { minimumReleaseAge: 4320, minimumReleaseAgeStrict: false },
    ],
  ] as const)('in %s: %s of %s by %j', (manager, setting, version, values) => {
    const found = look(manager, setting, version, layer(values));
    expect(found).toMatchObject({ state: 'off', switchOn: { first: /^take .* out of \.npmrc$/ } });
  });

  it.each(['!zzz', '?*', '[!x]*', '[a-z]*', '{*,@*/*}', '+([a-z])'])(
    'may be by %s, which stands for more than it seems to',
    (pattern) => {
      const lists: readonly (readonly [Tool, string, string, SettingsLayer])[] = [
        [
          'npm',
          'min-release-age',
          '12.2.0',
          layer({ 'min-release-age': '3', 'min-release-age-exclude': [pattern] }),
        ],
        ['pnpm', 'minimumReleaseAge', '12.0.0', layer({ minimumReleaseAgeExclude: [pattern] })],
        ['yarn', 'npmMinimalAgeGate', '4.18.1', layer({ npmPreapprovedPackages: [pattern] })],
        [
          'yarn',
          'approvedGitRepositories',
          '4.18.1',
          layer({ approvedGitRepositories: [pattern] }),
        ],
      ];
      for (const [manager, setting, version, one] of lists)
        expect(look(manager, setting, version, one)?.state).toBe('unknown');
    },
  );

  it.each(['@own/*', 'react-{dom,router}', 'https://github.com/{a,b}/*', 'a@1.0.0 || 1.0.1'])(
    'is not by %s',
    (pattern) => {
      const values = layer({
        npmPreapprovedPackages: [pattern],
        approvedGitRepositories: [pattern],
      });
      expect(look('yarn', 'npmMinimalAgeGate', '4.18.1', values)?.state).toBe('on');
      expect(look('yarn', 'approvedGitRepositories', '4.18.1', values)?.state).toBe('on');
    },
  );

  it('is not by a date of a weaker file, nor by one that is not set', () => {
    const age = layer({ 'min-release-age': '3', before: 'null' });
    const date = layer({ before: '2099-01-01' });
    expect(look('npm', 'min-release-age', '12.2.0', age, date)?.state).toBe('on');
    expect(look('npm', 'min-release-age', '12.2.0', date, age)?.state).toBe('off');
  });

  it('is not by what pnpm 10 does not have', () => {
    const values = layer({ minimumReleaseAge: 4320, minimumReleaseAgeStrict: false });
    expect(look('pnpm', 'minimumReleaseAge', '10.34.8', values)?.state).toBe('on');
  });

  it('is not by an exclusion of some, nor by what is off', () => {
    const some = { minimumReleaseAgeExclude: ['@own/*'], dangerouslyAllowAllBuilds: false };
    expect(look('pnpm', 'minimumReleaseAge', '12.0.0', layer(some))?.state).toBe('on');
    expect(look('pnpm', 'strictDepBuilds', '12.0.0', layer(some))?.state).toBe('on');
  });
});

describe('the line', () => {
  it.each([
    ['npm', 'min-release-age', '12.2.0', '.npmrc', 'min-release-age=3'],
    ['pnpm', 'minimumReleaseAge', '10.34.8', 'pnpm-workspace.yaml', 'minimumReleaseAge: 4320'],
    ['pnpm', 'strictDepBuilds', '10.4.0', '.npmrc', 'strict-dep-builds=true'],
    ['yarn', 'ignore-scripts', '1.22.22', '.yarnrc', 'ignore-scripts true'],
    ['yarn', 'enableScripts', '3.8.7', '.yarnrc.yml', 'enableScripts: false'],
  ] as const)('of %s, for %s of %s, is in %s', (manager, setting, version, file, line) => {
    expect(look(manager, setting, version)?.switchOn).toEqual({ file, line });
  });
});
