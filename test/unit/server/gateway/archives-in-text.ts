/* Archives that somebody may publish as something else. */

/** A block of printable characters that a reader of tar takes for a header. */
export function textTar(start: string): Buffer {
  const block = Buffer.alloc(512, ' ');
  block.write(start, 0);
  block.write('0000000', 124);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(sum.toString(8).padStart(6, '0'), 148);
  return block;
}

export const bzip2Like: Buffer = Buffer.from('BZh91AY&SY\u0001\u0002');
