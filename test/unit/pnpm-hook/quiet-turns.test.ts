import { describe, expect, it } from 'vitest';
import { QuietTurns } from '../../../packages/pnpm-hook/src/inspection/source-inspector.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function begin(turns: QuietTurns, count: number): number[] {
  const begun: number[] = [];
  for (let at = 0; at < count; at += 1) void turns.next(1).then(() => begun.push(at));
  return begun;
}

describe('QuietTurns', () => {
  it('begins one inspection in each turn of the event loop, in order', async () => {
    const turns = new QuietTurns();
    const begun = begin(turns, 3);
    expect(begun).toEqual([]);
    for (const expected of [[0], [0, 1], [0, 1, 2]]) {
      await turn();
      expect(begun).toEqual(expected);
    }
    const more = begin(turns, 1);
    await turn();
    expect(more).toEqual([0]);
  });

  it('waits as long as questions come', async () => {
    const turns = new QuietTurns();
    const begun = begin(turns, 2);
    for (let question = 0; question < 5; question += 1) {
      turns.noteQuestion();
      await turn();
      expect(begun).toEqual([]);
    }
    await turn();
    expect(begun).toEqual([0]);
    turns.noteQuestion();
    await turn();
    await turn();
    expect(begun).toEqual([0, 1]);
  });

  it('lets no more than 32 MB wait', async () => {
    const turns = new QuietTurns();
    const begun: string[] = [];
    turns.noteQuestion();
    void turns.next(31 * 1024 * 1024).then(() => begun.push('first'));
    await turns.next(2 * 1024 * 1024).then(() => begun.push('second'));
    expect(begun).toEqual(['second']);
    await turn();
    await turn();
    expect(begun).toEqual(['second', 'first']);
    void turns.next(31 * 1024 * 1024).then(() => begun.push('third'));
    expect(begun).not.toContain('third');
  });
});
