import { describe, expect, test } from 'vitest';
import {
  isLeadingPipOption,
  isPip,
  mayFetch,
  readPython,
} from '../../../../packages/clients/src/python/command-line.ts';

describe('a command line of pip', () => {
  test.each([
    ['install x', true],
    ['-v --python /x install x', true],
    ['download x', true],
    ['wheel .', true],
    ['lock .', true],
    ['list', false],
    ['--version', false],
    ['', false],
  ])('%j may fetch something: %j', (line, fetches) => {
    expect(mayFetch(line.split(' '))).toBe(fetches);
  });

  test.each([
    ['--isolated', { known: true, takesNext: false }],
    ['-vvq', { known: true, takesNext: false }],
    ['--proxy', { known: true, takesNext: true }],
    ['--proxy=x', { known: true, takesNext: false }],
    ['--isolated=x', { known: false, takesNext: false }],
    ['--polcy', { known: false, takesNext: false }],
    ['-x', { known: false, takesNext: false }],
  ])('begins with the option %s: %j', (arg, expected) => {
    expect(isLeadingPipOption(arg)).toEqual(expected);
  });
});

describe('a command line of Python', () => {
  test.each([
    ['-m pip install x', { module: 'pip', programArguments: ['install', 'x'] }],
    ['-mpip install', { module: 'pip', programArguments: ['install'] }],
    ['-Im pip install', { module: 'pip', programArguments: ['install'], without: '-I' }],
    ['-bE -S -m pip', { module: 'pip', programArguments: [], without: '-E' }],
    ['-X dev -W ignore -Wx -m pip', { module: 'pip', programArguments: [] }],
    ['-XI -m pip', { module: 'pip', programArguments: [] }],
    ['--check-hash-based-pycs always -u -m pip', { module: 'pip', programArguments: [] }],
    ['-c code -m pip', { programArguments: ['-m', 'pip'] }],
    ['-ccode -I', { programArguments: ['-I'] }],
    ['file.py -m pip', { programArguments: ['-m', 'pip'] }],
    ['- -I', { programArguments: ['-I'] }],
    ['-m', { programArguments: [] }],
    ['-u', { programArguments: [] }],
  ])('%s', (line, expected) => {
    expect(readPython(line.split(' '))).toEqual(expected);
  });

  test.each([
    ['pip', true],
    ['pip.__main__', true],
    ['pipx', false],
    [undefined, false],
  ])('that runs the module %s runs pip: %j', (module, expected) => {
    expect(isPip(module)).toBe(expected);
  });
});
