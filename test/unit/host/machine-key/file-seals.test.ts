/** A seal shows that a file has the bytes which this machine sealed, and nothing else does. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileSeals } from '../../../../packages/host/src/machine-key/file-seals.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const secret = (letter: string) => ({ TARWARDEN_SEAL_KEY: letter.repeat(40) });
const bytes = Buffer.from('the bytes of an archive');

let file: string;
freshFolder((folder) => (file = join(folder, 'a.zip')));

describe('a seal', () => {
  const seals = new FileSeals(secret('a'));
  let seal: string;
  beforeEach(() => {
    seal = seals.seal(bytes)!;
    writeFileSync(file, bytes);
  });

  it('fits the file, in another process as well', () => {
    expect(seals.fits(file, seal)).toBe(true);
    expect(new FileSeals(secret('a')).fits(file, seal)).toBe(true);
  });

  it('is another each time, and each fits', () => {
    const other = seals.seal(bytes)!;
    expect(other).not.toBe(seal);
    expect(seals.fits(file, other)).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['longer', Buffer.concat([bytes, Buffer.alloc(1)])],
    ['shorter', bytes.subarray(1)],
    ['empty', Buffer.alloc(0)],
    [
      'changed in its last bit',
      bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
    ],
  ])('does not fit a file that is %s', (_, other) => {
    writeFileSync(file, other);
    expect(seals.fits(file, seal)).toBe(false);
    // Nothing of an earlier file is left in the memory.
    writeFileSync(file, bytes);
    expect(seals.fits(file, seal)).toBe(true);
  });

  it('does not fit under the key of another machine', () => {
    expect(new FileSeals(secret('b')).fits(file, seal)).toBe(false);
  });

  it.each([
    ['no seal', ''],
    ['cut', 'AAAA'],
    ['of zeros', `${'A'.repeat(38)}==`],
    ['no Base64', `${'!'.repeat(38)}==`],
  ])('that is %s fits nothing', (_, other) => {
    expect(seals.fits(file, other)).toBe(false);
  });

  it('that is changed anywhere does not fit', () => {
    const sealed = Buffer.from(seal, 'base64');
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(seals.fits(file, changed.toString('base64'))).toBe(false);
    }
  });

  it('does not fit what cannot be read, or is too large', () => {
    rmSync(file);
    expect(seals.fits(file, seal)).toBe(false);
    expect(seals.seal(Buffer.alloc(64 * 1024 * 1024 + 1))).toBeUndefined();
  });

  it('is not made where this machine keeps no key', () => {
    const none = new FileSeals({ XDG_STATE_HOME: join(file, 'no folder') });
    expect(none.seal(bytes)).toBeUndefined();
    expect(none.fits(file, seal)).toBe(false);
  });
});
