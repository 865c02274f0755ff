/** Annotations as GitHub's runner and Azure's agent read them, also if a package has a hostile name. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotationLines } from '../../../../packages/guard/src/report/annotations.ts';
import type { Counted } from '../../../../packages/guard/src/report/tally.ts';
import { printable } from '@tarwarden/core/text';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { logCommands } from '../../../support/log-commands.ts';

const refused = (name: string, more: Partial<Counted> = {}): Counted => ({
  package: printable(name),
  status: 'reject',
  refused: true,
  remembered: false,
  mode: 'refuse',
  why: 'symlink',
  ...more,
});
const nowhere = (): undefined => undefined;

it('are printed in jobs of GitHub and Azure only', () => {
  const items = [refused('bad@1.0.0')];
  expect(annotationLines({ CI: 'true', GITLAB_CI: 'true' }, items, nowhere)).toEqual([]);
  expect(annotationLines({ GITHUB_ACTIONS: 'false' }, items, nowhere)).toEqual([]);
  expect(annotationLines({ GITHUB_ACTIONS: 'true' }, items, nowhere)).toEqual([
    '::error title=tarwarden refused bad@1.0.0::bad@1.0.0 was not installed, because the rules reject its archive: symlink. The log of this step says more, and what you can do.',
  ]);
  const upload = [refused('own@1.0.0', { upload: true })];
  expect(annotationLines({ GITHUB_ACTIONS: 'true' }, upload, nowhere)[0]).toContain(
    '::own@1.0.0 was not published, because the rules reject its archive: symlink.',
  );
  expect(annotationLines({ TF_BUILD: 'True' }, items, nowhere)).toEqual([
    '##vso[task.logissue type=error;]bad@1.0.0 was not installed, because the rules reject its archive: symlink. The log of this step says more, and what you can do.',
  ]);
});

describe('name the line of a lockfile', () => {
  let root: string;
  let repository: string;
  let file: string;
  freshFolder((folder) => {
    root = folder;
    repository = join(root, 'repository');
    mkdirSync(join(repository, 'a,b:c;d]e%f'), { recursive: true });
    file = join(repository, 'a,b:c;d]e%f', 'package-lock.json');
    writeFileSync(file, '{}');
  });

  it('relative to the repository, with the escapes of the service', () => {
    const line = { file, line: 12 };
    const items = [refused('bad@1.0.0')];
    const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: repository };
    expect(annotationLines(github, items, () => line)[0]).toMatch(
      /^::error file=a%2Cb%3Ac;d\]e%25f\/package-lock\.json,line=12,title=/,
    );
    const azure = { TF_BUILD: 'True', BUILD_SOURCESDIRECTORY: repository };
    expect(annotationLines(azure, items, () => line)[0]).toMatch(
      /^##vso\[task\.logissue type=error;sourcepath=a,b:c%3Bd%5De%AZP25f\/package-lock\.json;linenumber=12;\]/,
    );
    expect(logCommands(annotationLines(github, items, () => line))).toMatchObject([
      { command: 'error', properties: { file: 'a,b:c;d]e%f/package-lock.json', line: '12' } },
    ]);
    expect(logCommands(annotationLines(azure, items, () => line))).toMatchObject([
      { command: 'task.logissue', properties: { linenumber: '12', type: 'error' } },
    ]);
  });

  it('through a link to the repository', () => {
    symlinkSync(repository, join(root, 'link'));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(root, 'link') };
    const lines = annotationLines(env, [refused('bad@1.0.0')], () => ({ file, line: 1 }));
    expect(lines[0]).toContain('file=a%2Cb');
  });

  it('and no file outside of the repository', () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(root, 'other') };
    const lines = annotationLines(env, [refused('bad@1.0.0')], () => ({ file, line: 1 }));
    expect(lines[0]).toMatch(/^::error title=/);
  });
});

describe('a hostile name', () => {
  const unseen = (text: string): string =>
    text.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  const hostile = [
    'x\n::add-path::/evil',
    'x\r::set-env name=A::b',
    '::add-mask::x',
    ' ::stop-commands::x',
    'x::error::y, title=z',
    'x%0A::add-path::/evil',
    '##[add-path]/evil',
    '##vso[task.setvariable variable=A]b',
    '#\uFE0F#vso[task.setvariable variable=A]b',
    '##\u034Fvso[task.setvariable variable=A]b',
    ']##vso[task.complete result=Succeeded;]x',
    'a;type=warning]b',
  ];

  it.each(hostile)('begins no other command: %j', (name) => {
    for (const env of [{ GITHUB_ACTIONS: 'true' }, { TF_BUILD: 'True' }]) {
      const items = [refused(name), refused(`${name}2`, { status: 'error', why: printable(name) })];
      const commands = logCommands(annotationLines(env, items, nowhere));
      const name1 = 'TF_BUILD' in env ? 'task.logissue' : 'error';
      expect(commands.map(({ command }) => command)).toEqual([name1, name1]);
      const known = /^(?:title|type)$/;
      const properties = commands.flatMap((command) => Object.keys(command.properties));
      expect(properties.filter((property) => !known.test(property))).toEqual([]);
      expect(commands.map(({ data }) => unseen(data).includes(unseen(items[0]!.package)))).toEqual([
        true,
        true,
      ]);
    }
  });
});

it('are at most ten, those of refused packages first', () => {
  const env = { GITHUB_ACTIONS: 'true' };
  const many = (count: number): Counted[] => [
    refused('late@1.0.0', { status: 'error', why: 'it is too large' }),
    ...Array.from({ length: count - 1 }, (_, index) => refused(`bad@${index}.0.0`)),
  ];
  const ten = annotationLines(env, many(10), nowhere);
  expect(ten).toHaveLength(10);
  expect(ten[9]).toContain('::late@1.0.0 was not installed, because it could not be inspected: ');
  const twelve = annotationLines(env, many(12), nowhere);
  expect(twelve).toHaveLength(10);
  expect(twelve[9]).toBe(
    '::error title=tarwarden%3A 3 more packages::3 more packages were not accepted. The log of this step lists them.',
  );
});

it('are warnings in report mode', () => {
  const item = refused('bad@1.0.0', { refused: false, mode: 'report' });
  expect(annotationLines({ GITHUB_ACTIONS: 'true' }, [item], nowhere)[0]).toMatch(
    /^::warning title=tarwarden would refuse bad@1\.0\.0::/,
  );
});
