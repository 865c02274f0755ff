/** A bug put here on purpose, behind bytes that chance alone would hit once in 2^40 inputs: the fuzzer must find it. */
export function fuzz(data: Buffer): void {
  if (data[0] !== 0x1f) return;
  if (data[1] !== 0x8b) return;
  if (data[2] !== 0x77) return;
  if (data.readUInt8(Math.min(3, data.length - 1)) !== 0x61) return;
  if (data.toString('latin1', 4, 5) === 'r') throw new Error('the planted bug');
}
