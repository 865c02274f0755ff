/** What the files of an inspected tarball are, for packages that pnpm unpacked before it asked. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { attack } from '../../support/attacks.ts';
import {
  failureOf,
  fakes,
  integrity,
  openScene,
  source,
  type Scene,
} from '../../support/pnpm-guard.ts';

let scene: Scene;
const scenes: Scene[] = [];
const digest = vi.fn((folder: string) => readdirSync(folder).toSorted().join());
beforeEach(async () => {
  scene = await openScene();
  scenes.push(scene);
  digest.mockClear();
});
// The folder for private files is that of the process, and lies in the first home.
afterAll(() => scenes.forEach((one) => one.dispose()));

const FILES = 'index.js,package.json';
const NAME = `tree:${integrity}`;

describe('the tree of a tarball', () => {
  test('is told by what is inspected, remembered, and nothing of it is left', async () => {
    expect(await scene.guard.treeOf(source(), digest)).toBe(FILES);
    expect(scene.store.links).toEqual(new Map([[NAME, FILES]]));
    expect(scene.store.flush).toHaveBeenCalled();
    const [folder = ''] = digest.mock.calls[0] ?? [];
    expect(existsSync(dirname(folder))).toBe(false);
    // Used: pnpm's own question is answered by the verdict alone.
    expect(scene.guard.isPinned(source())).toBe(true);
    expect(await scene.guard.treeOf(source(), digest)).toBe(FILES);
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
    expect(digest).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['without a verdict', () => scene.store.links.set(NAME, 'remembered')],
    ['of what is rejected', () => scene.know('reject')],
    ['that nobody remembers', () => scene.know('accept')],
  ])('is not believed %s', async (_title, prepare) => {
    prepare();
    expect(await scene.guard.treeOf(source(), digest)).toBe(FILES);
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
  });

  test('is none of what is rejected', async () => {
    fakes.fetchTarball.mockResolvedValue(attack('symlink').build({ name: 'fixture' }));
    const { integrity: _, ...plain } = source();
    expect((await failureOf(scene.guard.treeOf(plain as never, digest))).reason).toBe('REJECTED');
    expect(digest).not.toHaveBeenCalled();
  });

  test('leaves nothing where it cannot be told', async () => {
    digest.mockImplementationOnce(() => {
      throw new Error('unreadable');
    });
    await expect(scene.guard.treeOf(source(), digest)).rejects.toThrow('unreadable');
    expect(existsSync(dirname(digest.mock.calls[0]?.[0] ?? ''))).toBe(false);
    expect(scene.store.links.size).toBe(0);
  });
});
