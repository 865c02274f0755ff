/** The temporary folder: how it gets its name, and what becomes of it. */
import { closeSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  assertFree,
  openDestination,
  type Destination,
} from '../../../../packages/host/src/unpack/unpack-destination.ts';
import { Staging } from '../../../../packages/host/src/unpack/unpack-staging.ts';
import { assertNothingHeld } from '../../../support/held.ts';
import { asProcess } from '../../../support/platform.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe.each(['descriptor', 'path'] as const)('staging, folders held by %s', (checking) => {
  let place: Destination;
  let staging: Staging;
  beforeEach(() => {
    place = openDestination(join(folder, 'out'), checking);
    staging = new Staging(place);
  });
  afterEach(() => {
    staging.close();
    place.parent.close();
    assertNothingHeld(folder);
  });
  const fill = (): void => closeSync(staging.tree.create(['a.js'], { executable: false, size: 0 }));

  it('is private, and named so that a later run knows whose it is', () => {
    expect(staging.name).toMatch(new RegExp(`^\\.tarwarden-unpack-${process.pid}-[0-9a-f]{32}$`));
    expect(lstatSync(join(folder, staging.name)).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, staging.name))).toEqual(['package']);
  });

  it('gives the package its name, and goes', () => {
    fill();
    staging.publish();
    expect(staging.discard()).toBe(true);
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.js']);
  });

  it('goes with all that is in it where nothing is published', () => {
    fill();
    expect(staging.discard()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    // Gone is gone, whoever removed it.
    expect(staging.discard()).toBe(true);
  });

  it('says that something is left', () => {
    writeFileSync(join(folder, staging.name, 'other'), 'x');
    expect(staging.discard()).toBe(false);
    expect(readdirSync(join(folder, staging.name))).toEqual(['other']);
  });

  it.each<[string, () => void, string]>([
    ['a file', () => writeFileSync(join(folder, 'out'), 'x'), 'something that is not a folder'],
    ['a link', () => symlinkSync('nowhere', join(folder, 'out')), 'something that is not a folder'],
    ['a folder', () => mkdirSync(join(folder, 'out/x'), { recursive: true }), 'not empty'],
  ])('does not take the place of %s', (_title, put, what) => {
    put();
    fill();
    const occupied = expect.objectContaining({
      code: 'DESTINATION_EXISTS',
      message: expect.stringContaining(what),
    });
    expect(() => assertFree(place)).toThrow(occupied);
    expect(() => staging.publish()).toThrow(occupied);
    expect(staging.discard()).toBe(true);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('says what the system said where the name is taken', () => {
    mkdirSync(join(folder, 'out/x'), { recursive: true });
    expect(() => staging.publish()).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOTEMPTY' }) }),
    );
  });

  it('may take that of an empty folder', () => {
    mkdirSync(join(folder, 'out'));
    expect(() => assertFree(place)).not.toThrow();
    fill();
    staging.publish();
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.js']);
    staging.discard();
  });
});

describe('whose the temporary folder is', () => {
  const stage = (user?: () => number): void => {
    const place = openDestination(join(folder, 'out'), 'descriptor');
    try {
      asProcess({ geteuid: user }, () => new Staging(place)).close();
    } finally {
      place.parent.close();
    }
  };

  it.runIf(process.geteuid !== undefined)(
    'is asked: another user could change what is in it',
    () => {
      const owner = process.geteuid!();
      expect(() => stage(() => owner + 1)).toThrow(
        expect.objectContaining({
          code: 'NOT_PERMITTED',
          message: `the temporary folder belongs to user ${owner}, who could change what is written: somebody put it there, or this file system gives everything to one user`,
        }),
      );
      expect(readdirSync(folder)).toEqual([]);
      assertNothingHeld(folder);
    },
  );

  it('is not asked where users have no numbers', () => {
    stage();
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe.each(['descriptor', 'path'] as const)('the way there, by %s', (checking) => {
  const failing =
    (path: string): (() => unknown) =>
    () =>
      openDestination(path, checking);
  const says = (code: string, message: string): unknown =>
    expect.objectContaining({ code, message: expect.stringContaining(message) });
  beforeEach(() => {
    writeFileSync(join(folder, 'file'), 'x');
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    symlinkSync('a', join(folder, 'link'));
  });
  afterEach(() => assertNothingHeld(folder));

  it('says which step is none', () => {
    const invalid = '"" is not the name of a new folder; give one, such as "./package"';
    expect(failing('')).toThrow(says('DESTINATION_INVALID', invalid));
    const missing = `there is no folder "${join(folder, 'a/none').slice(1)}"; make it first`;
    expect(failing(join(folder, 'a/none/out'))).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOENT' }) }),
    );
    expect(failing(join(folder, 'a/none/b/out'))).toThrow(says('PARENT_MISSING', missing));
    const noFolder = `"${join(folder, 'file').slice(1)}" is not a folder`;
    expect(failing(join(folder, 'file/out'))).toThrow(says('PARENT_MISSING', noFolder));
    const link = `"${join(folder, 'link').slice(1)}" is a symbolic link`;
    expect(failing(join(folder, 'link/b/out'))).toThrow(says('LINK_IN_PATH', link));
  });

  it('leads to the folder that the new one is to lie in', () => {
    const { parent, name } = openDestination(`${folder}//a/./b/../b/out/`, checking);
    expect(name).toBe('out');
    const { dev, ino } = lstatSync(join(folder, 'a/b'), { bigint: true });
    expect(parent.identity).toEqual({ dev, ino });
    parent.close();
  });

  it('may start in the current folder', () => {
    const { parent, name } = openDestination(
      relative(process.cwd(), join(folder, 'out')),
      checking,
    );
    const { dev, ino } = lstatSync(folder, { bigint: true });
    expect([name, parent.identity]).toEqual(['out', { dev, ino }]);
    parent.close();
  });

  it('is written with both kinds of slash on Windows', () => {
    asProcess({ platform: 'win32' }, () => {
      const { parent, name } = openDestination(`${folder}/a\\b\\out`, checking);
      const { dev, ino } = lstatSync(join(folder, 'a/b'), { bigint: true });
      expect([name, parent.identity]).toEqual(['out', { dev, ino }]);
      parent.close();
    });
  });

  it.runIf(process.platform !== 'win32')('takes a backslash for a letter elsewhere', () => {
    const { parent, name } = openDestination(`${folder}/a\\b`, checking);
    expect(name).toBe('a\\b');
    parent.close();
  });
});

describe('the current folder', () => {
  it('is held where a descriptor holds it, whatever stands at its path', () => {
    const way = relative(process.cwd(), join(folder, 'out'));
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'elsewhere'));
    const { parent } = openDestination(way, 'descriptor');
    const { dev, ino } = lstatSync(folder, { bigint: true });
    expect(parent.identity).toEqual({ dev, ino });
    parent.close();
  });

  it('is not followed where a link came in its place', () => {
    symlinkSync(folder, join(folder, 'link'));
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'link'));
    expect(() => openDestination('out', 'path')).toThrow(
      expect.objectContaining({
        code: 'PARENT_MISSING',
        message: 'the current folder is gone',
      }),
    );
  });
});
