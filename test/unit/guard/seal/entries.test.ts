/* The limit of entries, with a small number in its place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { walkFolder } from '../../../../packages/guard/src/seal/walk.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene, outcome } from '../../../support/seal-scene.ts';

vi.mock('../../../../packages/guard/src/seal/format.ts', async (original) => ({
  ...(await original<object>()),
  ENTRIES_MAX: 30,
}));
const scene = freshEach(() => makeSealScene());

/** The scene has ten entries. */
function add(count: number, folder: string): void {
  mkdirSync(scene.at(folder), { recursive: true });
  for (let each = 0; each < count; each += 1) writeFileSync(scene.at(folder, `${each + 100}`), '');
}

it('the seal itself does not count', async () => {
  add(20, '.');
  await scene.write();
  expect(outcome(await scene.check())).toBe('whole');
  add(21, '.');
  await expect(scene.check()).rejects.toThrow('has more than 30 entries');
});

it('names that wait in the folders above count, before any of them is yielded', () => {
  add(15, '.');
  add(10, '!first');
  const found = walkFolder(Buffer.from(scene.folder), undefined);
  expect(found.next().value).toMatchObject({ path: Buffer.from('!first') });
  expect(() => found.next()).toThrow('has more than 30 entries');
});
