import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendText } from '../../../../packages/guard/src/report/end.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'tarwarden-append-'));

describe('appendText', () => {
  it('makes a file that is nobody else’s, and adds to it', () => {
    const file = join(folder(), 'report');
    appendText(file, 'one\n');
    appendText(file, 'two\n');
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['a link', (path) => symlinkSync('elsewhere', path), /it is a link/],
    ['a folder', (path) => mkdirSync(path), /EISDIR/],
    ['a device', (path) => symlinkSync('/dev/full', path), /it is a link/],
    ['nothing, in a folder that is missing', () => undefined, /ENOENT/],
  ])('refuses %s', (what, make, why) => {
    const path = join(folder(), what.includes('missing') ? 'a/report' : 'report');
    make(path);
    expect(() => appendText(path, 'x\n')).toThrow(why);
  });

  it('refuses a second name of a file', () => {
    const at = folder();
    writeFileSync(join(at, 'mine'), 'mine');
    linkSync(join(at, 'mine'), join(at, 'report'));
    expect(() => appendText(join(at, 'report'), 'x\n')).toThrow('it has another name as well');
    expect(readFileSync(join(at, 'mine'), 'utf8')).toBe('mine');
  });

  it.skipIf(process.platform === 'win32')('waits for no reader of a fifo', () => {
    const fifo = join(folder(), 'report');
    execFileSync('mkfifo', [fifo]);
    expect(() => appendText(fifo, 'x\n')).toThrow(/ENXIO/);
  });
});
