import { expect, it } from 'vitest';
import { downloadsAtOnce } from '../../../packages/pnpm-hook/src/inspection/guard.ts';

const limits = (open: string): string =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             7                    7                    processes ',
    `Max open files            ${open.padEnd(20)} 1048576              files     `,
  ].join('\n');

it.each([
  ['1048576', 64],
  ['1024', 64],
  ['256', 32],
  ['64', 8],
  ['5', 1],
  ['unlimited', 64],
])('with %s files open, %i downloads', (open, downloads) => {
  expect(downloadsAtOnce(limits(open))).toBe(downloads);
});

it('as many as pnpm makes where the system does not tell', () => {
  expect(downloadsAtOnce('')).toBe(64);
});
