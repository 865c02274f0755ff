/* Folders with so many files that threads read them. */
import { rmSync, writeFileSync } from 'node:fs';
import {} from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene, outcome } from '../../../support/seal-scene.ts';
import { threadProgram } from '../../../support/thread-program.ts';

const scene = freshEach(() => makeSealScene());
const at = (...path: string[]): string => scene.at(...path);

describe('many files', () => {
  const COUNT = 1200;
  let program: URL;
  let threads = 0;
  const startThread = (): Worker => {
    threads += 1;
    return new Worker(program);
  };
  beforeAll(async () => {
    program = await threadProgram(
      new URL('../../../../packages/cli/src/commands/seal/thread.ts', import.meta.url),
    );
  });

  it('are read in threads, in the same order', async () => {
    for (let each = 0; each < COUNT; each += 1)
      writeFileSync(at('sub', `${each % 7}-${each}`), `${each}`);
    expect(await scene.write({ startThread })).toMatchObject({ entries: COUNT + 10 });
    expect(outcome(await scene.check({ startThread }))).toBe('whole');
    writeFileSync(at('sub/3-1109'), '1108');
    rmSync(at('sub/0-7'));
    expect(outcome(await scene.check({ startThread }))).toBe(
      'missing sub/0-7, changed sub/3-1109 (content)',
    );
    expect(threads).toBe(6);
    for (let each = 0; each < COUNT; each += 1)
      rmSync(at('sub', `${each % 7}-${each}`), { force: true });
    expect(await scene.check({ startThread })).toMatchObject({ differenceCount: COUNT });
  });

  it('cannot be checked if a thread ends', async () => {
    for (let each = 0; each < COUNT; each += 1) writeFileSync(at(`${each}`), '');
    const ending = (): Worker => new Worker('process.exit()', { eval: true });
    await expect(scene.write({ startThread: ending })).rejects.toThrow(
      'a thread that reads files ended',
    );
  });

  it('keeps no more than so many differences, and counts all', async () => {
    await scene.write();
    for (let each = 0; each < COUNT; each += 1) writeFileSync(at(`${each}`), '');
    const checked = await scene.check({ startThread });
    expect(checked).toMatchObject({ status: 'not-whole', differenceCount: COUNT });
    expect(checked).toHaveProperty('differences.length', 1000);
  });
});
