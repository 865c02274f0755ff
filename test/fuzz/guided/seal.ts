/** Seals of folders: those that the key does not fit, and bodies to which a code under the key was added. */
import { createHmac } from 'node:crypto';
import { openSeal, SealEncoder, SealFormatError } from '../../../packages/guard/src/seal/format.ts';
import { must } from './invariants.ts';

export const SEALED = { key: Buffer.alloc(32, 5), use: 'use', folderName: 'folder' };

/** An odd first byte: the code at the end is made right. */
function sealOf(data: Buffer): Buffer {
  const body = data.subarray(1);
  if ((data[0] ?? 0) % 2 === 0) return body;
  return Buffer.concat([body, createHmac('sha256', SEALED.key).update(body).digest()]);
}

export function fuzz(data: Buffer): void {
  const bytes = sealOf(data);
  const opened = openSeal(bytes, SEALED);
  if ('reason' in opened) return;
  // Whatever is read to its end is exactly what the writer makes of it.
  const encoder = new SealEncoder(SEALED);
  try {
    for (let next = opened.entries.next(); next.done !== true; next = opened.entries.next())
      encoder.add(next.value);
  } catch (error) {
    if (error instanceof SealFormatError) return;
    throw error;
  }
  must('seal', encoder.end().equals(bytes), 'the seal has a second encoding');
}
