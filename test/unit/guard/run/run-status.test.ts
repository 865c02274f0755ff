import { readFileSync, realpathSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NPM_STATUS, report, takeNonce } from '@tarwarden/guard/run';
import { openFilesBelow, SHOWS_OPEN_FILES } from '../../../support/open-files.ts';
import { openStatus, outcome, parseStatus } from '../../../../packages/guard/src/run/run-status.ts';

const armed = { event: 'armed', nonce: 'right', npm: '11.0.0' } as const;
const blocked = { event: 'blocked', subject: 'bad@1.0.0' } as const;
const unsupported = { event: 'unsupported', reason: 'old' } as const;

describe('outcome', () => {
  test.each([
    ['npm’s success stands when the guard was there', 0, [armed], 0],
    ['npm’s failure stands', 7, [armed], 7],
    ['npm’s failure stands without the guard', 7, [], 7],
    ['success without the guard is no success', 0, [], 98],
    ['a forged nonce is no guard', 0, [{ ...armed, nonce: 'wrong' }], 98],
    ['a refusal that npm forgot is a failure', 0, [armed, blocked], 1],
    ['a refusal does not hide npm’s code', 3, [armed, blocked], 3],
    ['an unsupported npm is told', 97, [unsupported], 97],
    ['an unsupported npm that was started by npm is told', 0, [armed, unsupported], 97],
    ['an unsupported one is told whatever its own code', 1, [armed, unsupported], 97],
  ])('%s', (_, code, events, expected) => {
    const demand = { manager: 'npm', nonce: 'right', guard: true };
    expect(outcome(code, events, demand).code).toBe(expected);
  });

  test('a command that installs nothing needs no guard, and a refusal counts all the same', () => {
    const demand = { manager: 'pnpm', nonce: 'right', guard: false };
    expect(outcome(0, [], demand)).toEqual({ code: 0 });
    expect(outcome(0, [blocked], demand).code).toBe(1);
    expect(outcome(0, [unsupported], demand).code).toBe(97);
  });
});

describe('the status file', () => {
  test('is private, takes what the guard reports, and goes away', () => {
    const status = openStatus();
    expect(statSync(dirname(status.file)).mode & 0o777).toBe(0o700);
    const env = { TARWARDEN_NPM_STATUS: status.file, TARWARDEN_NPM_NONCE: 'right' };
    expect(takeNonce(env, NPM_STATUS)).toBe('right');
    expect(env).not.toHaveProperty('TARWARDEN_NPM_NONCE');
    report(env, NPM_STATUS, armed);
    report(env, NPM_STATUS, blocked);
    expect(status.read()).toEqual([armed, blocked]);
    status.dispose();
    expect(existsSync(dirname(status.file))).toBe(false);
    expect(status.read()).toEqual([]);
    expect(() => report(env, NPM_STATUS, blocked)).not.toThrow();
  });

  test('may hold anything', () => {
    expect(parseStatus(`{"event":\n\0\n[]\nnull\n"armed"\n${JSON.stringify(blocked)}`)).toEqual([
      blocked,
    ]);
  });

  test('is not read past its bound', () => {
    const status = openStatus();
    writeFileSync(status.file, `${'x'.repeat(5 * 1024 * 1024)}\n${JSON.stringify(armed)}\n`);
    expect(readFileSync(status.file).length).toBeGreaterThan(5 * 1024 * 1024);
    expect(status.read()).toEqual([]);
    status.dispose();
  });
});

describe('what is said at the end', () => {
  const demand = { manager: 'npm', nonce: 'right', guard: true };

  test('of a run in which the guard never was', () => {
    expect(outcome(7, [], demand)).toEqual({
      code: 7,
      message: 'npm never loaded the guard; treat what it installed as UNCHECKED.',
    });
  });

  test('of a refusal that only an inner npm saw', () => {
    expect(outcome(0, [armed, blocked], demand).message).toBe(
      'npm reported success, but a package was refused, in it or in another npm that it started.',
    );
    expect(outcome(3, [armed, blocked], demand)).toEqual({ code: 3 });
  });

  test('is nothing where npm said it all', () => {
    expect(outcome(0, [armed], demand)).toEqual({ code: 0 });
    expect(outcome(5, [armed, unsupported], demand)).toEqual({ code: 97 });
  });

  test('takes no other event for the guard, whatever it carries', () => {
    const events = [{ ...blocked, nonce: 'right' }] as never;
    expect(outcome(0, events, demand).code).toBe(98);
  });
});

describe('a status file', () => {
  test('is for its owner alone, in a folder that says whose it is', () => {
    const status = openStatus();
    expect(dirname(status.file)).toMatch(/tarwarden-run-[^/\\]+$/);
    expect(status.file).toMatch(/[/\\]status$/);
    expect(statSync(status.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(status.file, 'utf8')).toBe('');
    status.dispose();
    expect(() => status.dispose()).not.toThrow();
  });

  test.skipIf(!SHOWS_OPEN_FILES)('is not kept open', () => {
    const status = openStatus();
    writeFileSync(status.file, JSON.stringify(armed));
    expect(status.read()).toEqual([armed]);
    expect(openFilesBelow(realpathSync(dirname(status.file)))).toEqual([]);
    status.dispose();
  });

  test('is read up to 4 MiB', () => {
    const status = openStatus();
    const line = JSON.stringify(armed);
    writeFileSync(
      status.file,
      `${' '.repeat(4 * 1024 * 1024 - line.length - 1)}\n${line}\n${line}`,
    );
    expect(status.read()).toEqual([armed]);
    status.dispose();
  });
});
