/** What a failure of the file system is called. */
import { describe, expect, it } from 'vitest';
import { UnpackError } from '@tarwarden/guard';
import { asUnpackError } from '../../../../packages/guard/src/unpack/unpack-error.ts';

const errno = (code: string): Error =>
  Object.assign(new Error('failed'), { code, syscall: 'open' });

describe('asUnpackError', () => {
  const permitted = 'no permission to write there';
  const full = 'the disk or the quota is full';
  it.each([
    ['EACCES', 'NOT_PERMITTED', permitted],
    ['EPERM', 'NOT_PERMITTED', permitted],
    ['EROFS', 'NOT_PERMITTED', permitted],
    ['ENOSPC', 'NO_SPACE', full],
    ['EDQUOT', 'NO_SPACE', full],
    ['EIO', 'IO_FAILED', 'open failed'],
    ['ENOENT', 'IO_FAILED', 'open failed'],
    ['E\u001b', 'IO_FAILED', 'open failed'],
  ])('takes %j for %s', (code, expected, reason) => {
    const cause = errno(code);
    const error = asUnpackError(cause, 'do it');
    expect(error).toBeInstanceOf(UnpackError);
    expect(error).toMatchObject({ name: 'UnpackError', code: expected, cause });
    const { message } = error as Error;
    expect(message.startsWith(`cannot do it: ${reason} (E`)).toBe(true);
    expect(message).not.toContain('\u001b');
  });

  it.each([
    ['one already', new UnpackError('NOT_PLAIN', 'x')],
    ['no error', { code: 'EACCES', syscall: 'open' }],
    ['a mistake', new TypeError('x')],
    ['an error without a system call', Object.assign(new Error('x'), { code: 'ERR_X' })],
    ['an error without a code', Object.assign(new Error('x'), { syscall: 'open' })],
  ])('leaves %s as it is', (_title, error) => {
    expect(asUnpackError(error, 'do it')).toBe(error);
  });
});
