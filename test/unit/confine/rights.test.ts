import { describe, expect, it } from 'vitest';
import { FILE_RIGHTS, GRANTS, handled } from '../../../packages/confine/src/rights.ts';

const WRITE = 2;
const READ = 4;
const MAKE_CHAR = 1 << 6;
const MAKE_BLOCK = 1 << 11;
const REFER = 1 << 13;
const TRUNCATE = 1 << 14;
const IOCTL = 1 << 15;

describe('what a ruleset denies', () => {
  const usual = { reading: false, network: false };

  it('is every way to write, devices among them', () => {
    const { fs } = handled(3, usual);
    for (const right of [WRITE, MAKE_CHAR, MAKE_BLOCK, REFER, TRUNCATE])
      expect(fs & right).toBe(right);
    expect(fs & READ).toBe(0);
  });

  it.each([
    [3, 8, 0, 0, 0],
    [4, 16, 3, 0, 0],
    [5, 16, 3, IOCTL, 0],
    [6, 24, 3, IOCTL, 3],
    [7, 24, 3, IOCTL, 3],
  ])('is what version %i of Landlock knows', (abi, size, net, ioctl, scope) => {
    const all = handled(abi, { reading: true, network: true });
    expect(all).toMatchObject({ size, net, scope });
    expect(all.fs & IOCTL).toBe(ioctl);
    expect(all.fs & READ).toBe(READ);
  });

  it('is not the network where that is needed', () => {
    expect(handled(7, usual).net).toBe(0);
  });
});

describe('what is granted', () => {
  it('is never to make a device, nor to command one in a folder', () => {
    for (const kind of ['write', 'read', 'remove'] as const)
      expect(GRANTS[kind] & (MAKE_CHAR | MAKE_BLOCK | IOCTL)).toBe(0);
  });

  it('holds moves between granted folders', () => {
    expect(GRANTS.write & REFER).toBe(REFER);
  });

  it('is of a file what a file can have', () => {
    expect(FILE_RIGHTS).toBe(WRITE | READ | TRUNCATE | IOCTL);
  });
});
