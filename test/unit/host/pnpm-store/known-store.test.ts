/** The files of a whole install are checked at once, and the rows of the index that name them are recognised. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { treeDigest } from '@tarwarden/core/trees';
import {
  checkStore,
  startKnownStore,
  type CheckedStore,
  type StoredPackage,
} from '../../../../packages/host/src/pnpm-store/check-store.ts';
import { hasKnownRows, knownRowsOf } from '../../../../packages/host/src/pnpm-store/known-rows.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const hex = (text: string): string => createHash('sha512').update(text).digest('hex');
/** Two packages that share a file. */
const PACKAGES = [
  ['first();\n', 'shared();\n', 'more();\n'],
  ['shared();\n', 'second();\n', 'and more();\n'],
];
const NO_SEALS = { getLink: () => undefined, putLink: () => undefined };
const PAGE = 512;

let root: string;
let checked: CheckedStore;
freshFolder((made) => (root = made));
const pathOf = (content: string): string =>
  join(root, 'files', hex(content).slice(0, 2), hex(content).slice(2));

function stored(contents: readonly string[], at: number): StoredPackage {
  const named = contents.map((text, index) => [`${index}.js`, text] as const);
  const files = named.map(([path, text]): [string, object] => {
    const integrity = `sha512-${Buffer.from(hex(text), 'hex').toString('base64')}`;
    return [path, { integrity, mode: 0o644, size: text.length, checkedAt: 4e12 }];
  });
  const data = Buffer.from(JSON.stringify({ files: Object.fromEntries(files) }));
  const tree = new Map(
    named.map(([path, text]) => [path, { sha512: hex(text), executable: false }]),
  );
  return {
    id: `package-${at}`,
    tree: treeDigest('pnpm', tree),
    entries: [{ name: `entry-${at}`, data, format: 'json' }],
  };
}

async function check(): Promise<CheckedStore | undefined> {
  const report = await checkStore({
    folder: root,
    packages: PACKAGES.map(stored),
    seals: NO_SEALS,
  });
  expect(report.mismatches).toEqual([]);
  return report.checked;
}

/** A database of four pages, of which a search has read two. */
const database = (): string => join(root, 'index.db');
const pages = [1, 2, 3, 4].map((byte) => Buffer.alloc(PAGE, byte));
const rows = knownRowsOf({
  fileBytes: 4 * PAGE,
  pageBytes: PAGE,
  pages: new Map([
    [3, pages[2]!],
    [1, pages[0]!],
  ]),
});

beforeEach(async () => {
  for (const content of PACKAGES.flat()) {
    mkdirSync(dirname(pathOf(content)), { recursive: true });
    writeFileSync(pathOf(content), content);
  }
  writeFileSync(database(), Buffer.concat(pages));
  checked = (await check())!;
});

const state = (): string => startKnownStore({ folder: root, rows, checked, isFrozen: false })();

/** Changes a file without changing any of the facts that its seal has. Only a program of this machine can. */
function changeSecretly(content: string, other: string): void {
  const path = pathOf(content);
  const reference = join(root, 'reference');
  execFileSync('cp', ['--preserve=timestamps', path, reference]);
  writeFileSync(path, other, { flag: 'r+' });
  execFileSync('touch', ['-r', reference, path]);
}

describe.runIf(process.platform === 'linux')('the files of a known install', () => {
  it('are the same as long as nothing changes', () => {
    expect(checked.files.packages.map(([files]) => files)).toEqual([3, 3]);
    expect(state()).toBe('same');
    expect(state()).toBe('same');
  });

  const path = (): string => pathOf('second();\n');
  it.each<[string, () => void]>([
    ['missing', () => rmSync(path())],
    ['longer', () => writeFileSync(path(), 'x', { flag: 'a' })],
    ['changed in place', () => writeFileSync(path(), 'SECOND();\n', { flag: 'r+' })],
    ['executable', () => chmodSync(path(), 0o755)],
    ['a file that runs as its owner', () => chmodSync(path(), 0o4644)],
    [
      'another file with the same times',
      () => {
        execFileSync('cp', ['--preserve=all', path(), `${path()}-copy`]);
        renameSync(`${path()}-copy`, path());
      },
    ],
    [
      'a link to the same file',
      () => {
        renameSync(path(), join(root, 'moved'));
        symlinkSync(join(root, 'moved'), path());
      },
    ],
    [
      'in a store that was restored',
      () => {
        const files = join(root, 'files');
        cpSync(files, `${files}-copy`, { recursive: true, preserveTimestamps: true });
        rmSync(files, { recursive: true });
        renameSync(`${files}-copy`, files);
      },
    ],
  ])('have to be compared one by one if one is %s', (_name, change) => {
    change();
    expect(state()).toBe('other');
  });

  it('are broken if one has another content and the same facts', () => {
    changeSecretly('more();\n', 'MORE();\n');
    expect(state()).toBe('broken');
  });

  it('are not known if the store lacks one', async () => {
    rmSync(pathOf('more();\n'));
    expect(await check()).toBeUndefined();
  });
});

describe('rows of a known index', () => {
  it('are the same if the pages that were read are the same', () => {
    expect(hasKnownRows(database(), rows, false)).toBe(true);
    for (const changed of [1, 3]) {
      const others = pages.with(changed, Buffer.alloc(PAGE, 9));
      writeFileSync(database(), Buffer.concat(others));
      expect(hasKnownRows(database(), rows, false)).toBe(true);
    }
    for (const changed of [0, 2]) {
      const others = pages.with(changed, Buffer.alloc(PAGE, 9));
      writeFileSync(database(), Buffer.concat(others));
      expect(hasKnownRows(database(), rows, false)).toBe(false);
    }
  });

  it('are not the same if the file grew, was cut, is a link or is gone', () => {
    writeFileSync(database(), Buffer.concat([...pages, pages[0]!]));
    expect(hasKnownRows(database(), rows, false)).toBe(false);
    writeFileSync(database(), Buffer.concat(pages.slice(0, 2)));
    expect(hasKnownRows(database(), rows, false)).toBe(false);
    rmSync(database());
    expect(hasKnownRows(database(), rows, false)).toBe(false);
    writeFileSync(join(root, 'elsewhere'), Buffer.concat(pages));
    symlinkSync(join(root, 'elsewhere'), database());
    expect(hasKnownRows(database(), rows, false)).toBe(false);
  });

  it('are not the same with a log or a journal, unless pnpm ignores the log', () => {
    writeFileSync(`${database()}-wal`, '');
    expect(hasKnownRows(database(), rows, false)).toBe(true);
    writeFileSync(`${database()}-wal`, 'x');
    expect(hasKnownRows(database(), rows, false)).toBe(false);
    expect(hasKnownRows(database(), rows, true)).toBe(true);
    rmSync(`${database()}-wal`);
    writeFileSync(`${database()}-journal`, 'x');
    expect(hasKnownRows(database(), rows, false)).toBe(false);
    expect(hasKnownRows(database(), rows, true)).toBe(false);
  });

  it('have to be the same before a file counts', () => {
    expect(state()).toBe('same');
    writeFileSync(database(), Buffer.concat(pages.with(0, Buffer.alloc(PAGE, 9))));
    expect(state()).toBe('other');
  });
});
