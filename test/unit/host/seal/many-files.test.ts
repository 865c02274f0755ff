/* Folders with many files. */
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene, outcome } from '../../../support/seal-scene.ts';

const scene = freshEach(() => makeSealScene());
const at = (...path: string[]): string => scene.at(...path);

describe('many files', () => {
  const COUNT = 1200;

  it('are compared in the order of the seal', async () => {
    for (let each = 0; each < COUNT; each += 1)
      writeFileSync(at('sub', `${each % 7}-${each}`), `${each}`);
    expect(await scene.write()).toMatchObject({ entries: COUNT + 10 });
    expect(outcome(await scene.check())).toBe('whole');
    writeFileSync(at('sub/3-1109'), '1108');
    rmSync(at('sub/0-7'));
    expect(outcome(await scene.check())).toBe('missing sub/0-7, changed sub/3-1109 (content)');
    for (let each = 0; each < COUNT; each += 1)
      rmSync(at('sub', `${each % 7}-${each}`), { force: true });
    expect(await scene.check()).toMatchObject({ differenceCount: COUNT });
  });

  it('keeps no more than so many differences, and counts all', async () => {
    await scene.write();
    for (let each = 0; each < COUNT; each += 1) writeFileSync(at(`${each}`), '');
    const checked = await scene.check();
    expect(checked).toMatchObject({ status: 'not-whole', differenceCount: COUNT });
    expect(checked).toHaveProperty('differences.length', 1000);
  });
});
