import { describe, expect, it } from 'vitest';
import { LinkWalk, linkKey } from '../../../packages/core/src/tree/links.ts';
import { contentsOf, symlink } from '../../support/contents.ts';
import { entry, type Part } from '../../support/tar.ts';

/** Why the last of these links does not stay inside. */
function escape(...links: readonly Part[]): string | undefined {
  const { contents } = contentsOf(links);
  const link = [...contents.tree.links.values()].at(-1);
  if (link === undefined) throw new Error('no link');
  return new LinkWalk(contents.tree.links).escapeOf(link, 'package');
}
const hard = (name: string, linkname: string): Buffer =>
  entry({ name: `package/${name}`, typeflag: '1', linkname });

const PORTABLE = 'the target is not a portable relative path';
const LEAVES = 'the target leaves the package';
const ABSOLUTE = 'the target is absolute';

describe('a symbolic link', () => {
  it.each([
    ['a', 'b'],
    ['a', '.'],
    ['a', './b/../c'],
    ['a', 'b//c/'],
    ['d/a', '..'],
    ['d/a', '../b'],
    ['d/e/a', '../../b'],
    ['a', 'aC:b'],
    ['a', '...'],
  ])('%s to %s stays inside', (name, target) => {
    expect(escape(symlink(name, target))).toBeUndefined();
  });

  it.each([
    ['a', '', 'the target is empty'],
    ['a', '..', LEAVES],
    ['a', 'b/../..', LEAVES],
    ['a', './/..', LEAVES],
    ['d/a', '../..', LEAVES],
    ['d/a', '../../package/b', LEAVES],
    ['a', '/etc', ABSOLUTE],
    ['a', 'b\\c', PORTABLE],
    ['a', 'C:b', PORTABLE],
    ['a', 'z:/b', PORTABLE],
  ])('%s to %j does not', (name, target, why) => {
    expect(escape(symlink(name, target))).toBe(why);
  });
});

describe('a way through other links', () => {
  it('is followed to where they lead', () => {
    expect(escape(symlink('up', 'd/e'), symlink('a', 'up/../f'))).toBeUndefined();
    expect(escape(symlink('d/up', '..'), symlink('a', 'd/up/b'))).toBeUndefined();
    expect(escape(symlink('d/up', '..'), symlink('a', 'd/up/../b'))).toBe(LEAVES);
    // Reversed, the parts of the target would stay inside.
    expect(escape(symlink('d/up', '../../x'), symlink('a', 'd/up'))).toBe(LEAVES);
    expect(escape(symlink('d/up', 'x/..'), symlink('a', 'd/up/..'))).toBeUndefined();
  });

  it('is none where a link is absolute', () => {
    expect(escape(symlink('up', '/etc'), symlink('a', 'up/passwd'))).toBe(
      'the way leads through an absolute link',
    );
  });

  it('is found by any spelling', () => {
    expect(escape(symlink('d/UP', '..'), symlink('a', 'd/up/../b'))).toBe(LEAVES);
    expect(linkKey('d/UP')).toBe(linkKey('D/up'));
    expect(linkKey('d/caf\u00e9')).toBe(linkKey('d/cafe\u0301'));
  });

  it('through a hard link goes on in its place', () => {
    expect(escape(hard('h', 'package/x'), symlink('a', 'h/../b'))).toBeUndefined();
    expect(escape(hard('h', 'package/x'), symlink('a', 'h/../../b'))).toBe(LEAVES);
  });
});

describe('a hard link', () => {
  it.each([
    ['a', 'package/b'],
    ['d/a', 'package/d/b'],
    ['a', 'package/d/../b'],
  ])('%s to %s stays inside', (name, target) => {
    expect(escape(hard(name, target))).toBeUndefined();
  });

  it.each([
    ['a', '', 'the target is empty'],
    ['a', 'b', 'the target is not in the package folder'],
    ['a', 'package', 'the target is not in the package folder'],
    ['a', 'packages/b', 'the target is not in the package folder'],
    ['a', '/package/b', 'the target is not in the package folder'],
    ['a', 'package/a', 'the target is the link itself'],
    ['d/a', 'package/d/a', 'the target is the link itself'],
    ['d/a', 'package/../b', LEAVES],
    ['a', 'package//etc', ABSOLUTE],
    ['a', 'package/C:b', PORTABLE],
  ])('%s to %j does not', (name, target, why) => {
    expect(escape(hard(name, target))).toBe(why);
  });
});
