import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NewFile } from '../../../../packages/server/src/serving/new-file.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
let path: string;
freshFolder((made) => {
  folder = made;
  path = join(folder, 'file');
});

async function written(...parts: readonly string[]): Promise<NewFile> {
  const file = await NewFile.begin(path);
  for (const part of parts) await file.write(Buffer.from(part));
  await file.end();
  return file;
}

it('has its name when it is complete, and the permissions of what was there', async () => {
  writeFileSync(path, 'old');
  chmodSync(path, 0o606);
  const file = await written('one', 'two');
  expect(readFileSync(path, 'utf8')).toBe('old');
  await file.keep();
  await file.drop();
  expect(readFileSync(path, 'utf8')).toBe('onetwo');
  expect(statSync(path).mode & 0o777).toBe(0o606);
  expect(readdirSync(folder)).toEqual(['file']);
});

it('leaves nothing when it is dropped, also before its end', async () => {
  const file = await NewFile.begin(path);
  await file.write(Buffer.from('part'));
  await file.drop();
  expect(readdirSync(folder)).toEqual([]);
});

it('follows no link, and replaces none', async () => {
  const target = join(folder, 'target');
  symlinkSync(target, path);
  await expect(NewFile.begin(path)).rejects.toThrow(
    /file was not written: it is not a regular file$/,
  );
  expect(readdirSync(folder)).toEqual(['file']);
});

it('says why it cannot be written', async () => {
  path = join(folder, 'none', 'file');
  await expect(NewFile.begin(path)).rejects.toThrow(/file was not written: ENOENT$/);
});

it('does not take the place of what became a folder', async () => {
  const file = await written('x');
  mkdirSync(path);
  await expect(file.keep()).rejects.toThrow(/file was not written: /);
  await file.drop();
  expect(readdirSync(folder)).toEqual(['file']);
});
