import { expect, it, vi } from 'vitest';
import { startProgress } from '../../../packages/cli/src/archives/progress.ts';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { stream: { isTTY, write } as unknown as NodeJS.WriteStream, written };
}

let now = 0;

it('shows on a terminal how far it is, after a second, and takes it away', () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { stream: terminal, written } = stream(true);
  const progress = startProgress(terminal, 'of 1200 packages asked for');
  progress.update(500);
  now += 1_001;
  progress.update(1_000);
  progress.clear();
  expect(written).toEqual(['\r\u001B[Ktarwarden: 1000 of 1200 packages asked for …', '\r\u001B[K']);
});

it('writes nothing into a pipe', () => {
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 5_000));
  const { stream: pipe, written } = stream(false);
  const progress = startProgress(pipe);
  progress.update(1);
  progress.clear();
  expect(written).toEqual([]);
});
