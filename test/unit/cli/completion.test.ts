import { describe, expect, it } from 'vitest';
import { TARWARDEN } from '../../../packages/cli/src/command-line/tarwarden.ts';
import { allCommands, optionsOf } from '../../../packages/guard/src/command-line/definition.ts';
import { bash } from '../../../packages/cli/src/completion/bash.ts';
import { fish } from '../../../packages/cli/src/completion/fish.ts';
import { completions } from '../../../packages/cli/src/completion/model.ts';
import { powershell } from '../../../packages/cli/src/completion/powershell.ts';
import { zsh } from '../../../packages/cli/src/completion/zsh.ts';

const commands = await allCommands(TARWARDEN);
const all = completions(commands, ['symlink', 'hardlink']);
const find = (name: string) => all.find((one) => one.name === name)!;

describe('what is completed', () => {
  it('has every command and every option of its definition', () => {
    expect(all.map(({ name }) => name)).toEqual([...commands.map(({ name }) => name), 'help']);
    for (const command of commands)
      expect(find(command.name).options.map((one) => one.name)).toEqual(
        expect.arrayContaining(Object.keys(optionsOf(command)).map((option) => `--${option}`)),
      );
  });

  it('has nothing in it that a shell reads as more than a word', () => {
    const words = all.flatMap(({ name, options, words: own }) => [
      name,
      ...own,
      ...options.flatMap((one) => [one.name, ...one.choices]),
    ]);
    expect(words.filter((word) => !/^[a-z0-9-]+$/.test(word))).toEqual([]);
    const summaries = all.flatMap(({ summary, options }) => [
      summary,
      ...options.map((one) => one.summary),
    ]);
    expect(summaries.filter((text) => text === '' || /[\n;]/.test(text))).toEqual([]);
  });

  it('has ids of rules, shells and paths where these are wanted', () => {
    expect(find('rules')).toMatchObject({ words: ['symlink', 'hardlink'], paths: undefined });
    expect(find('completion')).toMatchObject({ words: ['bash', 'zsh', 'fish', 'powershell'] });
    expect(find('scan')).toMatchObject({ words: [], paths: 'files' });
    expect(find('unpack')).toMatchObject({ paths: 'files' });
    expect(find('shims')).toMatchObject({ paths: 'folders' });
    expect(find('verify')).toMatchObject({ words: [], paths: undefined });
  });

  it('leaves the help of a manager to the manager', () => {
    expect(find('scan').options.map(({ name }) => name)).toContain('--help');
    const confining = ['--confine', '--confine-write', '--confine-env', '--hide'];
    const own = ['--print-env', '--shell', ...confining];
    expect(find('npm').options.map(({ name }) => name)).toEqual(own);
    expect(find('yarn')).toMatchObject({ isManager: true });
    expect(find('yarn').options.map(({ name }) => name)).toEqual(confining);
  });
});

it.each([
  ['bash', bash(all)],
  ['zsh', zsh(all)],
  ['fish', fish(all)],
  ['powershell', powershell(all)],
])('the script of %s names all of it', (_, script) => {
  for (const { name, options } of all) {
    expect(script).toContain(name);
    for (const one of options) expect(script).toContain(one.name.slice(2));
  }
  expect(script).not.toMatch(/undefined|\[object/);
  expect(script.endsWith('\n')).toBe(true);
});

it('text in a script stays text', () => {
  const odd = [
    {
      name: 'odd',
      summary: String.raw`it's $(x) [y] \z`,
      options: [
        {
          name: '--a',
          summary: String.raw`it's [y] \z`,
          value: undefined,
          choices: [],
          multiple: false,
        },
      ],
      words: [],
      paths: undefined,
      isManager: false,
    },
  ];
  expect(zsh(odd)).toContain(String.raw`'odd:it'\''s $(x) [y] \z'`);
  expect(zsh(odd)).toContain(String.raw`'--a[it'\''s \[y\] \\z]'`);
  expect(fish(odd)).toContain(String.raw`-d 'it\'s $(x) [y] \\z'`);
  expect(powershell(odd)).toContain(String.raw`Text = 'it''s $(x) [y] \z'`);
});
