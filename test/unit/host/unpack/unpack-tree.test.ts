/** The tree that is being put together, and what another process may have done to it meanwhile. */
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnpackError } from '@tarwarden/host';
import {
  openDestination,
  type Destination,
} from '../../../../packages/host/src/unpack/unpack-destination.ts';
import { asUnpackError } from '../../../../packages/host/src/unpack/unpack-error.ts';
import { Staging } from '../../../../packages/host/src/unpack/unpack-staging.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { assertNothingHeld, heldIn } from '../../../support/held.ts';

let folder: string;
freshFolder((fresh) => {
  folder = fresh;
  mkdirSync(join(folder, 'parent'));
});

function codeOf(act: () => void): string {
  try {
    act();
  } catch (cause) {
    // As unpack() does with everything that a tree throws.
    const error = asUnpackError(cause, 'unpack');
    if (error instanceof UnpackError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe.each(['descriptor', 'path'] as const)('a tree, folders held by %s', (checking) => {
  let staging: Staging;
  let root: string;
  let place: Destination;
  beforeEach(() => {
    place = openDestination(join(folder, 'parent/out'), checking);
    staging = new Staging(place);
    root = join(folder, 'parent', staging.name, 'package');
    const descriptor = staging.tree.create(['lib', 'a.js'], { executable: false, size: 1 });
    writeSync(descriptor, 'a');
    closeSync(descriptor);
  });
  afterEach(() => {
    staging.discard();
    staging.close();
    place.parent.close();
    assertNothingHeld(folder);
  });

  it('that nobody touched is published', () => {
    staging.tree.verify();
    staging.publish();
    expect(staging.discard()).toBe(true);
    expect(readdirSync(join(folder, 'parent'), { recursive: true }).map(String).toSorted()).toEqual(
      ['out', 'out/lib', 'out/lib/a.js'],
    );
  });

  it('with a file that has a second name elsewhere is not: its content could be changed by that name', () => {
    linkSync(join(root, 'lib/a.js'), join(folder, 'second-name'));
    expect(codeOf(() => staging.tree.verify())).toBe('TAMPERED');
  });

  it('with a file that is longer or shorter than it should be is not', () => {
    closeSync(staging.tree.create(['b.js'], { executable: false, size: 1 }));
    expect(codeOf(() => staging.tree.verify())).toBe('TAMPERED');
  });

  const make = (...parts: string[]): void => {
    const descriptor = staging.tree.create(parts, { executable: false, size: 1 });
    writeSync(descriptor, 'x');
    closeSync(descriptor);
  };
  const verifying = (): string => codeOf(() => staging.tree.verify());

  it('knows its files and folders, each once', () => {
    make('lib', 'deep', 'b.js');
    make('c.js');
    staging.tree.folder(['lib', 'deep']);
    staging.tree.folder(['other', 'x']);
    expect([staging.tree.files, staging.tree.folders]).toEqual([3, 4]);
    expect(staging.tree.find(['lib', 'a.js'])).toMatchObject({ size: 1, executable: false });
    expect(staging.tree.find(['lib', 'none'])).toBeUndefined();
    expect(verifying()).toBe('nothing thrown');
  });

  it('makes each folder in the one above it, however deep', () => {
    make('a', 'b', 'c', 'd', 'e.js');
    make('a', 'b', 'f.js');
    make('a', 'g', 'c', 'd', 'h.js');
    const files = readdirSync(join(root, 'a'), { recursive: true }).map(String);
    expect(files.filter((path) => path.endsWith('.js')).toSorted()).toEqual([
      'b/c/d/e.js',
      'b/f.js',
      'g/c/d/h.js',
    ]);
    expect([staging.tree.files, staging.tree.folders, verifying()]).toEqual([
      4,
      8,
      'nothing thrown',
    ]);
    // Only the root, whatever was looked at.
    expect(heldIn(join(root, 'a'))).toEqual([]);
  });

  it('takes no folder for a file, and no file for a folder', () => {
    expect(codeOf(() => staging.tree.find(['lib']))).toBe('NOT_PLAIN');
    expect(() => staging.tree.find(['lib'])).toThrow('a file for one entry and a folder for');
    expect(codeOf(() => staging.tree.folder(['lib', 'a.js']))).toBe('NOT_PLAIN');
    expect(codeOf(() => make('lib', 'a.js', 'b.js'))).toBe('NOT_PLAIN');
  });

  it('holds so many and no more', () => {
    staging.tree.files = 199_998;
    make('last.js');
    for (const more of [() => make('more.js'), () => staging.tree.folder(['more'])]) {
      expect(codeOf(more)).toBe('NOT_PLAIN');
      expect(more).toThrow('it names more than 200000 files and folders');
    }
    expect(readdirSync(root).toSorted()).toEqual(['last.js', 'lib']);
  });

  it('makes nothing where something stands that it did not make', () => {
    writeFileSync(join(root, 'b.js'), 'x');
    symlinkSync('../../elsewhere', join(root, 'c.js'));
    mkdirSync(join(root, 'd'));
    for (const act of [() => make('b.js'), () => make('c.js'), () => staging.tree.folder(['d'])]) {
      expect(codeOf(act)).toBe('TAMPERED');
      expect(act).toThrow(
        expect.objectContaining({
          message: expect.stringContaining('something is where a file of the archive belongs'),
          cause: expect.objectContaining({ code: 'EEXIST' }),
        }),
      );
    }
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  it('reads a file again only while it is the one that was made', () => {
    const node = staging.tree.find(['lib', 'a.js'])!;
    const descriptor = staging.tree.read(['lib', 'a.js'], node);
    const one = Buffer.alloc(2);
    expect(readSync(descriptor, one)).toBe(1);
    expect(one.toString('latin1', 0, 1)).toBe('a');
    closeSync(descriptor);
    renameSync(join(root, 'lib/a.js'), join(folder, 'a.js'));
    writeFileSync(join(root, 'lib/a.js'), 'a');
    expect(codeOf(() => staging.tree.read(['lib', 'a.js'], node))).toBe('TAMPERED');
    expect(heldIn(join(root, 'lib/a.js'))).toEqual([]);
  });

  it('reads no file again through a link, even one to the very file', () => {
    const node = staging.tree.find(['lib', 'a.js'])!;
    renameSync(join(root, 'lib/a.js'), join(folder, 'a.js'));
    symlinkSync(join(folder, 'a.js'), join(root, 'lib/a.js'));
    expect(codeOf(() => staging.tree.read(['lib', 'a.js'], node))).toBe('TAMPERED');
    expect(heldIn(join(folder, 'a.js'))).toEqual([]);
  });

  const a = (): string => join(root, 'lib/a.js');
  it.each(
    Object.entries<() => void>({
      'a file less': () => rmSync(a()),
      'a file more': () => writeFileSync(join(root, 'lib/b.js'), 'x'),
      'a file of another name': () => renameSync(a(), join(root, 'lib/b.js')),
      'another file of its size': () => {
        renameSync(a(), join(folder, 'a.js'));
        writeFileSync(a(), 'a');
      },
      'more in a file': () => writeFileSync(a(), 'aa'),
      'a folder in the place of a file': () => {
        rmSync(a());
        mkdirSync(a());
      },
      'a link to the very file': () => {
        renameSync(a(), join(folder, 'a.js'));
        symlinkSync(join(folder, 'a.js'), a());
      },
      'a folder less': () => rmSync(join(root, 'lib'), { recursive: true }),
      'another folder': () => {
        renameSync(join(root, 'lib'), join(folder, 'lib'));
        mkdirSync(join(root, 'lib'));
      },
    }),
  )('with %s is not published', (_title, change) => {
    change();
    expect(verifying()).toBe('TAMPERED');
  });

  it('is cleared of what was made in it, and of links, which are not followed', () => {
    make('lib', 'deep', 'b.js');
    mkdirSync(join(folder, 'keep'));
    writeFileSync(join(folder, 'keep/x'), 'x');
    symlinkSync(join(folder, 'keep'), join(root, 'link'));
    mkdirSync(join(root, 'lib/empty'));
    staging.tree.clear();
    expect(readdirSync(root)).toEqual([]);
    expect(readdirSync(join(folder, 'keep'))).toEqual(['x']);
  });

  it('is cleared of nothing in a folder that somebody moved in', () => {
    make('z.js');
    mkdirSync(join(root, 'foreign'));
    writeFileSync(join(root, 'foreign/x'), 'x');
    renameSync(join(root, 'lib'), join(folder, 'lib'));
    mkdirSync(join(root, 'lib'));
    writeFileSync(join(root, 'lib/x'), 'x');
    staging.tree.clear();
    expect(readdirSync(root, { recursive: true }).map(String).toSorted()).toEqual([
      'foreign',
      'foreign/x',
      'lib',
      'lib/x',
    ]);
    expect(staging.discard()).toBe(false);
  });

  it('holds no folder once it is closed', () => {
    make('lib', 'deep', 'b.js');
    staging.tree.close();
    expect(() => staging.tree.verify()).toThrow(new RangeError('the tree is closed'));
    expect(heldIn(root)).toEqual([]);
  });
});
