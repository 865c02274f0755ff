import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../../packages/cli/src/guard-trials/verify.ts';
import { concludeTrial, type Tried } from '../../../../packages/cli/src/guard-trials/verdict.ts';

const refused: Tried = { code: 1, output: '', timedOut: false, installed: false, refused: true };
const clean: Tried = { code: 0, output: '', timedOut: false, installed: true, refused: false };

describe('conclude', () => {
  it('calls guarded what refused the one and installed the other', () => {
    expect(concludeTrial('npm', refused, clean)).toMatchObject({
      status: 'guarded',
      reason: 'refused',
    });
  });

  it.each([
    ['installed', { ...refused, installed: true }],
    ['installed', { ...refused, refused: false, code: 0, installed: true }],
    ['success-after-refusal', { ...refused, code: 0 }],
    [
      'report-only',
      { ...clean, output: 'tarwarden: REPORT ONLY: your own policy file says "mode": "report"' },
    ],
  ])('calls unguarded: %s', (reason, canary) => {
    expect(concludeTrial('npm', canary, clean)).toMatchObject({ status: 'unguarded', reason });
  });

  it.each([
    ['failed', { ...refused, refused: false }, undefined],
    ['failed', { ...refused, refused: false, code: 0 }, undefined],
    ['timed-out', { ...refused, timedOut: true, code: null }, clean],
    ['timed-out', refused, { ...clean, timedOut: true, code: null }],
    ['clean-failed', refused, { ...clean, code: 1 }],
    ['clean-failed', refused, { ...clean, installed: false }],
    ['clean-failed', refused, undefined],
  ])('calls unproven: %s', (reason, canary, second) => {
    expect(concludeTrial('npm', canary, second)).toMatchObject({ status: 'unproven', reason });
  });

  it.each([
    [97, 'cannot be guarded'],
    [98, 'the guard was not in it'],
  ])("says what a wrapper's %d means", (code, words) => {
    const { message } = concludeTrial('npm', { ...refused, refused: false, code }, undefined);
    expect(message).toContain(words);
  });
});

describe('isRefusal', () => {
  const subject = 'tarwarden-canary-0@1.0.0';

  it.each([
    ['tarwarden: refused tarwarden-canary-0@1.0.0: this archive is not safe to unpack'],
    ['npm error tarwarden: refused tarwarden-canary-0@1.0.0: this archive is not safe to unpack'],
    [
      '\ntarwarden: refused 1 package; nothing of it was unpacked\n  tarwarden-canary-0@1.0.0\n    reason',
    ],
  ])('knows the words of the guard: %j', (output) => {
    expect(isRefusal(output, subject)).toBe(true);
  });

  it.each([
    ['tarwarden: refused tarwarden-canary-00@1.0.0: this archive is not safe to unpack'],
    ['npm error 404 tarwarden-canary-0@1.0.0'],
    ['tarwarden: tarwarden-canary-0@1.0.0 was not inspected, so it is not installed: timeout'],
    ['tarwarden: refused 1 package; nothing of it was unpacked\n  another@1.0.0'],
  ])('knows nothing else: %j', (output) => {
    expect(isRefusal(output, subject)).toBe(false);
  });
});
