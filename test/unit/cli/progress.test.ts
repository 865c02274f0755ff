import { expect, it, vi } from 'vitest';
import { startProgress } from '../../../packages/cli/src/archives/progress.ts';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { stream: { isTTY, write } as unknown as NodeJS.WriteStream, written };
}

let now = 0;

const line = (text: string): string => `\r\u001B[Ktarwarden: ${text} …`;

it('shows on a terminal how far it is and how long it will take, after a second, and takes it away', () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { stream: terminal, written } = stream(true);
  const progress = startProgress(terminal, 'packages');
  progress.update(500, 1200);
  now += 2_000;
  progress.update(300, 1200);
  now += 2_000;
  progress.update(1, 1200);
  now += 2_000;
  progress.update(1200, 1200);
  progress.clear();
  expect(written).toEqual([
    line('300 of 1200 packages, about 6 s left'),
    line('1 of 1200 packages'),
    line('1200 of 1200 packages'),
    '\r\u001B[K',
  ]);
});

it('says minutes where it takes long, and no estimate while the total is not known', () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { stream: terminal, written } = stream(true);
  const progress = startProgress(terminal);
  now += 10_000;
  progress.update(100, 10_000);
  now += 10_000;
  progress.update(500, 10_000);
  now += 10_000;
  progress.update(900);
  expect(written).toEqual([
    line('100 of 10000 archives'),
    line('500 of 10000 archives, about 7 min left'),
    line('900 archives done'),
  ]);
});

it('writes nothing into a pipe', () => {
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 5_000));
  const { stream: pipe, written } = stream(false);
  const progress = startProgress(pipe);
  progress.update(1, 2);
  progress.clear();
  expect(written).toEqual([]);
});
