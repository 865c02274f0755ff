import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileFacts, foldersIn, treeFacts } from '../../../packages/yarn-plugin/src/facts.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
const at = (...path: string[]): string => join(root, ...path);

freshFolder((fresh) => {
  root = fresh;
  mkdirSync(at('package/lib'), { recursive: true });
  writeFileSync(at('package/index.js'), 'one');
  writeFileSync(at('package/lib/a.js'), 'two');
});

describe('facts of a tree', () => {
  const changes: Record<string, () => void> = {
    'other content': () => writeFileSync(at('package/index.js'), 'three'),
    'other content of the same size and times': () => {
      const { atime, mtime } = statSync(at('package/index.js'));
      writeFileSync(at('package/index.js'), 'eno');
      utimesSync(at('package/index.js'), atime, mtime);
    },
    'another file of the same content, moved there': () => {
      writeFileSync(at('new'), 'one');
      renameSync(at('new'), at('package/index.js'));
    },
    'one more file': () => writeFileSync(at('package/lib/b.js'), ''),
    'one more folder': () => mkdirSync(at('package/more')),
    'a file less': () => rmSync(at('package/lib/a.js')),
    'a link': () => symlinkSync('index.js', at('package/link')),
    'a second name': () => linkSync(at('package/index.js'), at('elsewhere')),
    'a link for a folder': () => {
      renameSync(at('package/lib'), at('lib'));
      symlinkSync('../lib', at('package/lib'));
    },
    'the mode of a file': () => chmodSync(at('package/index.js'), 0o755),
    'the mode of a folder': () => chmodSync(at('package/lib'), 0o700),
  };
  test.each(Object.entries(changes))('change with %s', (_title, change) => {
    const before = treeFacts(at('package'));
    expect(before).toBeDefined();
    change();
    expect(treeFacts(at('package'))).not.toBe(before);
  });

  test('stay where nothing changed but what was there for a moment', () => {
    const before = treeFacts(at('package'));
    writeFileSync(at('package/lib/temporary'), '');
    rmSync(at('package/lib/temporary'));
    expect(treeFacts(at('package'))).toBe(before);
  });

  test('are none of a link, a file or nothing', () => {
    symlinkSync('package', at('link'));
    for (const name of ['link', 'package/index.js', 'absent'])
      expect(treeFacts(at(name))).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')(
    'are none of what has a name that cannot be read',
    () => {
      writeFileSync(Buffer.concat([Buffer.from(at('package/')), Buffer.of(0xff)]), '');
      expect(treeFacts(at('package'))).toBeUndefined();
    },
  );

  test('are none of more than may be looked at', () => {
    expect(treeFacts(at('package'), 3)).toBe(treeFacts(at('package')));
    expect(treeFacts(at('package'), 2)).toBeUndefined();
  });
});

test('facts of a file do not run into each other', () => {
  const facts = (ino: bigint, mode: bigint): string =>
    fileFacts({ ino, mode, size: 1n, mtimeNs: 1n, ctimeNs: 1n } as BigIntStats);
  expect(facts(1n, 11n)).not.toBe(facts(11n, 1n));
});

describe('the folders in a folder', () => {
  test('are others when one was made anew, not when a file in one changed', () => {
    mkdirSync(at('store/one/package'), { recursive: true });
    const before = foldersIn(at('store'), 'package');
    writeFileSync(at('store/one/package/file'), '');
    expect(foldersIn(at('store'), 'package')).toBe(before);
    renameSync(at('store/one/package'), at('store/one/old'));
    mkdirSync(at('store/one/package'));
    expect(foldersIn(at('store'), 'package')).not.toBe(before);
  });

  test('are none of a link, a file or nothing', () => {
    symlinkSync('package', at('link'));
    for (const name of ['link', 'package/index.js', 'absent'])
      expect(foldersIn(at(name), 'package')).toBeUndefined();
  });
});
