/** What a folder holds that is inspected. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputsOf, type WalkNotes } from '../../../packages/cli/src/archives/inputs.ts';
import { sdistZip } from '../../support/sdist.ts';
import { zip } from '../../support/zip.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

function found(files: Readonly<Record<string, Buffer>>): string[] {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const notes: WalkNotes = { linkedFolders: 0, empty: [] };
  return [...inputsOf(folder, notes)].map(({ path }) => relative(folder, path)).toSorted();
}

const other = zip([{ name: 'photos-1.0/a.jpg', body: 'x' }]);

describe('in a folder', () => {
  it.each(['fixture-1.0.0.zip', 'Fixture.Name_x-1.0.zip', 'a-b-2.0rc1.post1.zip', 'x-1!2.0.zip'])(
    'a zip of an sdist is inspected: %s',
    (name) => {
      expect(found({ [name]: sdistZip(), [`below/${name}`]: sdistZip() })).toEqual(
        [`below/${name}`, name].toSorted(),
      );
    },
  );

  it('other zips are no archives of a package', () => {
    expect(
      found({
        'photos-1.0.zip': other,
        'fixture.zip': sdistZip(),
        'backup-2.0.zip': Buffer.from('PK\x03\x04 and no more'),
        'empty-1.0.zip': Buffer.alloc(0),
        'npm-1.0.zip': zip([
          { name: 'a/package.json', body: '{}' },
          { name: 'a/PKG-INFO', body: '' },
        ]),
      }),
    ).toEqual([]);
  });

  it('an archive that nobody can look into is not called one of Python by its name', () => {
    expect(
      found({ 'linux-6.1.tar.xz': Buffer.alloc(9), 'fixture-1.0.tar.bz2': Buffer.alloc(9) }),
    ).toEqual([]);
  });
});
