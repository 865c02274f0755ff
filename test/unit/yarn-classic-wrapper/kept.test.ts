import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { integrityOf } from '@tarwarden/guard';
import { isPromised, keptTarball } from '../../../packages/yarn-classic-wrapper/src/inspector.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const bytes = Buffer.from('bytes');
const sha1 = createHash('sha1').update(bytes).digest('hex');

describe('the tarball that Yarn keeps', () => {
  let folder: string;
  freshFolder((made) => (folder = made));
  const file = (): string => join(folder, '.yarn-tarball.tgz');

  test('is read as a whole, up to a size', () => {
    writeFileSync(file(), bytes);
    expect(keptTarball(folder, bytes.length)).toEqual(bytes);
    expect(keptTarball(folder, bytes.length - 1)).toBeUndefined();
  });

  test('is not there without the file, and not behind a link', () => {
    expect(keptTarball(folder, 100)).toBeUndefined();
    writeFileSync(join(folder, 'other'), bytes);
    symlinkSync('other', file());
    expect(keptTarball(folder, 100)).toBeUndefined();
  });
});

describe('isPromised', () => {
  const promised = (remote: object | undefined): boolean =>
    isPromised(bytes, remote && { label: undefined, remote });

  test.each([
    [{ integrity: integrityOf(bytes) }, true],
    [{ integrity: integrityOf(Buffer.from('other')) }, false],
    [{ integrity: integrityOf(Buffer.from('other')), hash: sha1 }, false],
    [{ integrity: '', hash: sha1 }, true],
    [{ hash: sha1 }, true],
    [{ hash: '0'.repeat(40) }, false],
    // Nothing is promised.
    [{ hash: '' }, false],
    [{}, false],
    [undefined, false],
  ])('%j: %s', (remote, answer) => {
    expect(promised(remote)).toBe(answer);
  });
});
