import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { versionOf } from '../../../../packages/pnpm-hook/src/wrapper/version.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/pnpm.cjs'), '');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'pnpm', version: '11.1.0' }));
});

it('is that of the program, and not of what starts it, whose first argument is no file', () => {
  const command = { file: join(root, 'bin/pnpm.cjs'), args: [] };
  const started = { file: '/nowhere/perl', args: ['-e', 'exec @ARGV', command.file] };
  expect(versionOf(command, {}, started)).toBe('11.1.0');
});

it('is asked of what starts the program, where that belongs to no package', () => {
  const command = { file: join(tmpdir(), 'nowhere/pnpm'), args: [] };
  const started = { file: process.execPath, args: ['-p', "'12.21.0'", '--'] };
  expect(versionOf(command, process.env, started)).toBeUndefined();
  writeFileSync(join(root, 'package.json'), '{}');
  expect(versionOf({ file: join(root, 'bin/pnpm.cjs'), args: [] }, process.env, started)).toBe(
    '12.21.0',
  );
});
