/** What the system calls a failure, also where Node has no name for it. */
import { describe, expect, it } from 'vitest';
import { errnoOf, isOutOfSpace, isUnwritable } from '@tarwarden/guard';
import { isErrno } from '../../../packages/guard/src/files/errno.ts';
import { errno } from '../../support/fs-faults.ts';

describe('errnoOf', () => {
  it('gives the name', () => {
    expect(errnoOf(errno('ENOSPC'))).toBe('ENOSPC');
    expect(errnoOf(errno('EDQUOT'))).toBe('EDQUOT');
  });

  it.each([[new Error('x')], ['ENOSPC'], [undefined], [null]])('gives none of %s', (error) => {
    expect(errnoOf(error)).toBeUndefined();
    expect(isErrno(error, 'ENOSPC')).toBe(false);
  });
});

it('isErrno knows the names that it is asked for', () => {
  expect(isErrno(errno('EEXIST'), 'ENOENT', 'EEXIST')).toBe(true);
  expect(isErrno(errno('EEXIST'), 'ENOENT')).toBe(false);
  expect(isErrno(errno('EDQUOT'), 'EDQUOT')).toBe(true);
});

it('a quota that is used up is a disk that is full', () => {
  expect(isOutOfSpace(errno('ENOSPC'))).toBe(true);
  expect(isOutOfSpace(errno('EDQUOT'))).toBe(true);
  expect(isOutOfSpace(errno('EROFS'))).toBe(false);
});

it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'ENOENT', 'EACCES', 'EPERM'])('%s: not writable', (name) => {
  expect(isUnwritable(errno(name))).toBe(true);
});

it.each(['EIO', 'EMFILE', 'EEXIST'])('%s says nothing of it', (name) => {
  expect(isUnwritable(errno(name))).toBe(false);
});
