import { expect, it } from 'vitest';
import { isWhole } from '../../../../packages/guard/src/fetch/whole-archive.ts';
import { pkg, tgz } from '../../../support/pkg.ts';

const whole = tgz();
const changed = (at: number): Buffer => {
  const bytes = Buffer.from(whole);
  bytes[at < 0 ? bytes.length + at : at]! ^= 0xff;
  return bytes;
};

it.each([
  ['a tarball', whole],
  ['a tar file that is not compressed', pkg()],
  [
    'a tarball with bytes behind its end, which is for the verdict to say',
    Buffer.concat([whole, whole]),
  ],
])('%s is whole', (_, bytes) => {
  expect(isWhole(bytes)).toBe(true);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a page', Buffer.from('<!doctype html>')],
  ['a tarball that was cut', whole.subarray(0, whole.length / 2)],
  ['one that was cut in its header', whole.subarray(0, 5)],
  ['one without its last byte', whole.subarray(0, -1)],
  ['one with another checksum', changed(-5)],
  ['one with another length', changed(-1)],
  ['one with another byte inside', changed(20)],
])('%s is not', (_, bytes) => {
  expect(isWhole(bytes)).toBe(false);
});
