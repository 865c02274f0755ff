import { describe, expect, it } from 'vitest';
import { confinedCommand, findHelper, type Helper } from '../../../packages/confine/src/helper.ts';
import { kernelNumbers } from '../../../packages/confine/src/seccomp.ts';

/** A helper that answers so. */
const answering = (text: string): { file: string; args: string[] } => ({
  file: '/bin/sh',
  args: ['-c', `printf %s '${text}'`],
});
const problem = (options: Parameters<typeof findHelper>[0]): string => {
  const found = findHelper({ platform: 'linux', arch: 'x64', ...options });
  return 'problem' in found ? found.problem : 'none';
};

describe.skipIf(process.platform !== 'linux')('the helper', () => {
  it('is a program of the system, found by its whole path', () => {
    const none = { file: '/nowhere/perl', args: [] };
    const found = findHelper({ platform: 'linux', arch: 'x64', helpers: [none, answering('7')] });
    expect(found).toMatchObject({ abi: 7, command: { file: '/bin/sh' } });
    expect(problem({ helpers: [none] })).toContain('there is none; ');
  });

  it.each([
    ['-38', 'has no Landlock (ENOSYS)'],
    ['-95', 'switched off'],
    ['-1', 'does not offer Landlock (error 1)'],
    ['1', 'version 1 of Landlock'],
    ['2', 'version 2 of Landlock'],
    ['', 'could not ask'],
    ['7x', 'could not ask'],
  ])('refuses the answer "%s"', (text, why) => {
    expect(problem({ helpers: [answering(text)] })).toContain(why);
  });

  it('refuses where it fails', () => {
    expect(problem({ helpers: [{ file: '/bin/sh', args: ['-c', 'echo 7; exit 1'] }] })).toContain(
      'could not ask',
    );
  });
});

it.each([
  ['darwin', 'macOS does not have'],
  ['win32', 'In WSL 2 it works'],
  ['freebsd', 'freebsd does not have'],
] as const)('is not there on %s', (platform, why) => {
  expect(problem({ platform })).toContain(why);
});

it('is not there on an architecture whose calls are not known', () => {
  expect(problem({ arch: 'riscv64' })).toContain('riscv64');
});

it('gives each rule and the program as arguments of their own, in order', () => {
  const helper: Helper = {
    command: { file: '/usr/bin/perl', args: ['-e', 'x'] },
    abi: 7,
    machine: kernelNumbers('x64')!,
  };
  const { file, args } = confinedCommand(
    helper,
    { file: '/bin/a program', args: ['first'] },
    {
      grants: [
        { kind: 'write', path: '/with\nnewline:and colon' },
        { kind: 'device', path: '&1' },
      ],
      kept: ['/kept: whole'],
      reading: false,
      network: true,
      temporary: '/tmp/own',
    },
  );
  expect(file).toBe('/usr/bin/perl');
  expect(args.slice(-7)).toEqual([
    '/tmp/own',
    '3',
    'kept:/kept: whole',
    expect.stringMatching(/^\d+:\/with\nnewline:and colon$/),
    expect.stringMatching(/^\d+:&1$/),
    '/bin/a program',
    'first',
  ]);
});
