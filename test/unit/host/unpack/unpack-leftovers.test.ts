/** What a killed run left is removed, if it is surely that. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDestination } from '../../../../packages/host/src/unpack/unpack-destination.ts';
import { removeLeftovers } from '../../../../packages/host/src/unpack/unpack-staging.ts';
import { assertNothingHeld } from '../../../support/held.ts';
import { asProcess } from '../../../support/platform.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe('what a killed run left', () => {
  const HOUR = 60 * 60 * 1000;
  const THEN = new Date(2020, 1, 1);
  const GONE = 2 ** 22 + 1;
  const HEX = '0123456789abcdef'.repeat(2);
  const after = (age: number): void => {
    const { parent } = openDestination(join(folder, 'out'), 'descriptor');
    removeLeftovers(parent, THEN.getTime() + age);
    parent.close();
    assertNothingHeld(folder);
  };
  function leave(name: string, depth = 1): string {
    const path = join(folder, name);
    mkdirSync(join(path, 'd/'.repeat(depth)), { recursive: true });
    writeFileSync(join(path, 'x'), 'x');
    utimesSync(path, THEN, THEN);
    return path;
  }

  it('goes after an hour, not before', () => {
    const path = leave(`.tarwarden-unpack-${GONE}-${HEX}`, 100);
    after(HOUR - 1);
    expect(existsSync(join(path, 'x'))).toBe(true);
    after(HOUR);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    `tarwarden-unpack-${GONE}-${HEX}`,
    `x.tarwarden-unpack-${GONE}-${HEX}`,
    `.tarwarden-unpack-${GONE}-${HEX}0`,
    `.tarwarden-unpack-${GONE}-${HEX.slice(1)}`,
    `.tarwarden-unpack-${GONE}-${HEX.toUpperCase()}`,
    `.tarwarden-unpack--${HEX}`,
    `.tarwarden-unpack-12345678901-${HEX}`,
    `.tarwarden-unpack-${process.pid}-${HEX}`,
  ])('%s stays', (name) => {
    const path = leave(name);
    after(2 * HOUR);
    expect(existsSync(join(path, 'x'))).toBe(true);
  });

  it('stays where its process runs for somebody else', () => {
    const path = leave(`.tarwarden-unpack-${GONE}-${HEX}`);
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'kill' });
    });
    after(2 * HOUR);
    expect(existsSync(join(path, 'x'))).toBe(true);
  });

  it.runIf(process.geteuid !== undefined)('stays where it belongs to another user', () => {
    const path = leave(`.tarwarden-unpack-${GONE}-${HEX}`);
    asProcess({ geteuid: () => process.getuid!() + 1 }, () => after(2 * HOUR));
    expect(existsSync(join(path, 'x'))).toBe(true);
  });

  it('goes where users have no numbers', () => {
    const path = leave(`.tarwarden-unpack-${GONE}-${HEX}`);
    asProcess({ geteuid: undefined }, () => after(2 * HOUR));
    expect(existsSync(path)).toBe(false);
  });

  it('is emptied so deep and no deeper', () => {
    const inside = leave(`.tarwarden-unpack-${GONE}-${HEX}`, 513);
    const deeper = leave(`.tarwarden-unpack-${GONE}-${'0'.repeat(32)}`, 514);
    after(2 * HOUR);
    expect([existsSync(inside), existsSync(deeper)]).toEqual([false, true]);
  });

  it('that cannot be removed does not keep others', () => {
    const file = join(folder, `.tarwarden-unpack-${GONE}-${'0'.repeat(32)}`);
    writeFileSync(file, 'x');
    utimesSync(file, THEN, THEN);
    const path = leave(`.tarwarden-unpack-${GONE}-${HEX}`);
    after(2 * HOUR);
    expect([existsSync(file), existsSync(path)]).toEqual([true, false]);
  });
});
