/**
 * `tarwarden doctor` says of each defence of a real client whether it is on, as the client itself has it, and the line that it shows
 * switches it on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { available, managerFolder, versionOf, type ManagerName } from '../../support/managers.ts';
import { ask, defence, defences, write, type Defence } from './doctor-world.ts';

const states = (all: readonly Defence[]): Record<string, string> =>
  Object.fromEntries(all.map(({ setting, state }) => [setting, state]));

/** States without any setting, and lines that switch off what is on. */
const clients: readonly (readonly [
  ManagerName,
  file: string,
  states: Record<string, string>,
  off: Record<string, string>,
])[] = [
  [
    'npm-10',
    '.npmrc',
    {
      'ignore-scripts': 'off',
      'strict-allow-scripts': 'unavailable',
      'min-release-age': 'unavailable',
      'allow-git': 'unavailable',
      'allow-remote': 'unavailable',
    },
    {},
  ],
  [
    'npm-11',
    '.npmrc',
    {
      'ignore-scripts': 'off',
      'strict-allow-scripts': 'off',
      'min-release-age': 'off',
      'allow-git': 'off',
      'allow-remote': 'off',
    },
    {},
  ],
  [
    'npm-12',
    '.npmrc',
    {
      'ignore-scripts': 'covered',
      'dangerously-allow-all-scripts': 'on',
      'strict-allow-scripts': 'off',
      'min-release-age': 'off',
      'allow-git': 'on',
      'allow-remote': 'on',
    },
    {
      'dangerously-allow-all-scripts': 'dangerously-allow-all-scripts=true',
      'allow-git': 'allow-git=all',
      'allow-remote': 'allow-remote=all',
    },
  ],
  [
    'pnpm-10',
    'pnpm-workspace.yaml',
    {
      dangerouslyAllowAllBuilds: 'on',
      ignoreScripts: 'covered',
      strictDepBuilds: 'off',
      minimumReleaseAge: 'off',
      blockExoticSubdeps: 'off',
      trustPolicy: 'off',
    },
    { dangerouslyAllowAllBuilds: 'dangerouslyAllowAllBuilds: true' },
  ],
  ...(['pnpm-11', 'pnpm-12'] as const).map(
    (name) =>
      [
        name,
        'pnpm-workspace.yaml',
        {
          dangerouslyAllowAllBuilds: 'on',
          ignoreScripts: 'covered',
          strictDepBuilds: 'on',
          minimumReleaseAge: 'on',
          blockExoticSubdeps: 'on',
          trustPolicy: 'off',
        },
        {
          dangerouslyAllowAllBuilds: 'dangerouslyAllowAllBuilds: true',
          strictDepBuilds: 'strictDepBuilds: false',
          minimumReleaseAge: 'minimumReleaseAge: 0',
          blockExoticSubdeps: 'blockExoticSubdeps: false',
        },
      ] as const,
  ),
  [
    'yarn-1',
    '.yarnrc',
    {
      'ignore-scripts': 'off',
      npmMinimalAgeGate: 'unavailable',
      approvedGitRepositories: 'unavailable',
      enableHardenedMode: 'unavailable',
      checksumBehavior: 'unavailable',
    },
    {},
  ],
  [
    'yarn-4',
    '.yarnrc.yml',
    {
      enableScripts: 'on',
      npmMinimalAgeGate: 'on',
      approvedGitRepositories: 'on',
      enableHardenedMode: 'off',
      checksumBehavior: 'on',
    },
    {
      enableScripts: 'enableScripts: true',
      npmMinimalAgeGate: 'npmMinimalAgeGate: 0',
      approvedGitRepositories: 'approvedGitRepositories: ["**"]',
      checksumBehavior: 'checksumBehavior: update',
    },
  ],
];

describe.each(clients.filter(([name]) => available(name).ok))('%s', (name, file, unset, off) => {
  it('has these defences, and the values that it says', async () => {
    const all = await defences(name);
    expect(states(all)).toEqual(unset);
    expect(all[0]?.version).toBe(versionOf(name).version);
    for (const { setting, value, state } of all)
      // pnpm does not print what is not set.
      if (state !== 'unavailable' && !name.startsWith('pnpm'))
        expect(`${setting} ${await ask(name, setting)}`.trim()).toMatch(
          new RegExp(`^${setting}(?: (?:${value}|null|\\[\\]))?$`),
        );
  });

  const tried = Object.entries(unset).filter(
    ([setting, state]) => state === 'off' || off[setting] !== undefined,
  );
  it.each(tried)('%s is switched on by the line that is shown', async (setting) => {
    if (off[setting] !== undefined) write(file, off[setting]);
    const before = await defence(name, setting);
    expect(before).toMatchObject({ state: 'off', switchOn: { file } });
    write(file, before.switchOn!.line);
    const after = await defence(name, setting);
    expect(after).toMatchObject({ state: 'on', switchOn: null });
    const said = (await ask(name, setting)).replaceAll(/^\[\s*|\s*\]$/g, '');
    // pnpm says nothing of what only its install command takes.
    if (said !== 'undefined' || !name.startsWith('pnpm')) expect(said).toBe(after.value);
  });
});

describe.each([
  ['pnpm-10', 'dist/pnpm.cjs'],
  ['pnpm-11', 'dist/pnpm.mjs'],
] as const)('%s', (name, bundle) => {
  it('has the defaults that are said of it', async () => {
    const text = readFileSync(join(managerFolder(name), bundle), 'utf8');
    const all = await defences(name);
    for (const setting of ['strictDepBuilds', 'blockExoticSubdeps', 'dangerouslyAllowAllBuilds']) {
      const kebab = setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const [, value] = new RegExp(`"${kebab}": (true|false),`).exec(text) ?? [];
      expect(all.find((one) => one.setting === setting)).toMatchObject({
        value,
        source: { kind: 'default' },
      });
    }
    const [, age] = /"minimum-release-age": (24 \* 60),/.exec(text) ?? [];
    expect(all.find((one) => one.setting === 'minimumReleaseAge')?.value).toBe(
      age === undefined ? '0' : '1440',
    );
  });
});
