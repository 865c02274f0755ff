import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unpackAny } from '@tarwarden/guard';
import { tgz } from '../../../support/pkg.ts';
import { yarnZip } from '../../../support/yarn-zip.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const out = (): string => join(folder, 'out');

it('unpacks what the name and the bytes say', () => {
  const zip = yarnZip();
  const result = unpackAny(zip, out(), { fileName: 'a.zip' });
  expect(result).toMatchObject({ status: 'unpacked', verdict: { format: 'yarn-zip' } });
  expect(readdirSync(out())).toContain('package.json');
});

it('unpacks what is said, and refuses what is something else', () => {
  const refused = unpackAny(tgz(), out(), { fileName: 'a.tgz', format: 'yarn-zip' });
  expect(refused).toMatchObject({ status: 'refused', verdict: { format: 'yarn-zip' } });
  expect(readdirSync(folder)).toEqual([]);
  const result = unpackAny(tgz(), out(), { fileName: 'a.zip', format: 'npm' });
  expect(result).toMatchObject({ status: 'unpacked', verdict: { format: 'npm' } });
});
