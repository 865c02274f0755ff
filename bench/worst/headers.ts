import { archive, header, pax } from '../../test/support/tar.ts';

const NAME_BYTES = 100;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;
const BLOCK = 512;

type Fields = Parameters<typeof header>[0];

/** Makes headers that differ in their names only: copies of one, since a search builds millions. */
export function headersLike(rest: Fields): (path: string) => Uint8Array {
  const plain = header({ name: '', ...rest });
  const extended = pax({ path: 'x' }).subarray(0, BLOCK);
  return (path) => {
    const raw = Buffer.from(path);
    if (raw.length <= NAME_BYTES) return withName(plain, raw);
    const body = recordOf(raw);
    const blocks = Buffer.alloc(Math.ceil(body.length / BLOCK) * BLOCK);
    blocks.set(body);
    const size = Buffer.from(body.length.toString(8).padStart(11, '0'));
    return archive(
      patched(extended, size, SIZE_AT),
      blocks,
      withName(plain, raw.subarray(0, NAME_BYTES - 2)),
    );
  };
}

function withName(like: Uint8Array, name: Buffer): Buffer {
  return patched(like, name, 0);
}

/** A copy with other bytes at `at`, and the checksum that they need. */
function patched(like: Uint8Array, bytes: Buffer, at: number): Buffer {
  const made = Buffer.from(like);
  let sum = Number.parseInt(made.toString('latin1', CHECKSUM_AT, CHECKSUM_AT + 6), 8);
  for (let index = 0; index < bytes.length; index++) sum += bytes[index]! - made[at + index]!;
  made.set(bytes, at);
  made.write(sum.toString(8).padStart(6, '0'), CHECKSUM_AT, 'latin1');
  return made;
}

function recordOf(path: Buffer): Buffer {
  const rest = path.length + ' path=\n'.length;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length += 1;
  return Buffer.concat([Buffer.from(`${length} path=`), path, Buffer.from('\n')]);
}
