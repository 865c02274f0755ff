import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import {
  BuiltFiles,
  type RememberedNotes,
} from '../../../packages/yarn-classic-wrapper/src/built-files.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
let links: Map<string, string>;
let said: MockInstance;
freshFolder((made) => {
  folder = made;
  writeFileSync(join(folder, 'out.node'), 'built');
  links = new Map();
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => said.mockRestore());

const KEY = 'a@1.0.0';
const store: RememberedNotes = {
  getLink: (name) => links.get(name),
  putLink: (name, text) => void links.set(name, text),
};
const open = (): BuiltFiles => new BuiltFiles(() => store);

/** What is left of a note in a later run, and whether the scripts run again. */
function later(noted: unknown): { left: unknown; fresh: boolean } {
  let fresh = false;
  const reference = { setFresh: (is: boolean) => (fresh = is) };
  const linked = { name: 'a', version: '1.0.0', _reference: reference };
  return { left: open().left(noted, linked, folder), fresh };
}

/** A run in which Yarn was seen to build. */
function build(names: readonly string[]): void {
  const built = open();
  built.left({}, { name: 'a', version: '1.0.0' }, folder);
  built.remember({ [KEY]: names });
}

describe('what scripts have built', () => {
  test('is left where nothing has changed', () => {
    build(['out.node']);
    const noted = { [KEY]: ['out.node'] };
    expect(later(noted)).toEqual({ left: ['out.node'], fresh: false });
    expect(noted).toEqual({ [KEY]: ['out.node'] });
    expect(said).not.toHaveBeenCalled();
  });

  test('is built again, its names kept, where a file has changed or is gone', () => {
    for (const change of [
      () => writeFileSync(join(folder, 'out.node'), 'evil!'),
      () => rmSync(join(folder, 'out.node')),
    ]) {
      build(['out.node']);
      change();
      const noted = { [KEY]: ['out.node'] };
      expect(later(noted)).toEqual({ left: undefined, fresh: true });
      expect(noted).toEqual({ [KEY]: ['out.node'] });
    }
  });

  test.each([
    ['other names', ['index.js']],
    ['a name more', ['out.node', 'index.js']],
    ['no list', 'out.node'],
    ['no names', [1]],
  ])('is forgotten where the note has %s', (_what, names) => {
    build(['out.node']);
    const noted = { [KEY]: names };
    expect(later(noted)).toEqual({ left: undefined, fresh: true });
    expect(noted).toEqual({});
    expect(said).toHaveBeenCalledOnce();
  });

  test.each([undefined, null, 'text', {}, { 'b@1.0.0': ['out.node'] }])(
    'is nothing where the note is %j',
    (noted) => {
      expect(later(noted)).toEqual({ left: undefined, fresh: false });
    },
  );

  test('is built again where what was remembered cannot be read', () => {
    for (const text of ['{', '1', 'null', '{}']) {
      build(['out.node']);
      for (const name of links.keys()) links.set(name, text);
      expect(later({ [KEY]: ['out.node'] }).fresh).toBe(true);
    }
  });
});
