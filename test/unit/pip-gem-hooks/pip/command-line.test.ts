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
    ['-m pip install x', { module: 'pip', rest: ['install', 'x'] }],
    ['-mpip install', { module: 'pip', rest: ['install'] }],
    ['-Im pip install', { module: 'pip', rest: ['install'], without: '-I' }],
    ['-bE -S -m pip', { module: 'pip', rest: [], without: '-E' }],
    ['-X dev -W ignore -Wx -m pip', { module: 'pip', rest: [] }],
    ['-XI -m pip', { module: 'pip', rest: [] }],
    ['--check-hash-based-pycs always -u -m pip', { module: 'pip', rest: [] }],
    ['-c code -m pip', { rest: ['-m', 'pip'] }],
    ['-ccode -I', { rest: ['-I'] }],
    ['file.py -m pip', { rest: ['-m', 'pip'] }],
    ['- -I', { rest: ['-I'] }],
    ['-m', { rest: [] }],
    ['-u', { rest: [] }],
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
