/** A registry of large packages, which differ in their last bytes alone: none is held in memory more than once. */
import { createHash, randomFillSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { archive, end, entry } from '../../support/tar.ts';

export interface LargeRegistry {
  readonly url: string;
  readonly names: readonly string[];
  close(): void;
}

/** Bytes of a deflate block that is stored. */
const BLOCK = 65_535;
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

export async function startLargeRegistry(options: {
  packages: number;
  /** Of the one large file of each. */
  bytes: number;
  /** Say nothing of how long they are. */
  chunked: boolean;
}): Promise<LargeRegistry> {
  const large = archive(
    entry({ name: 'package/large.bin', body: randomFillSync(Buffer.alloc(options.bytes)) }),
  );
  const head = Buffer.concat([GZIP_HEADER, stored(large, false)]);
  const headHash = createHash('sha512').update(head);
  const headCrc = zlib.crc32(large);
  const tails = new Map<string, Buffer>();
  for (let at = 0; at < options.packages; at += 1) {
    const body = JSON.stringify({ name: `large-${at}`, version: '1.0.0' });
    const tail = archive(entry({ name: 'package/package.json', body }), end());
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(zlib.crc32(tail, headCrc) >>> 0, 0);
    trailer.writeUInt32LE((large.length + tail.length) >>> 0, 4);
    tails.set(`large-${at}`, Buffer.concat([stored(tail, true), trailer]));
  }
  const server = createServer((request, response) => {
    const [, name = '', file] = /^\/(large-\d+)(\/-\/.*)?$/.exec(request.url ?? '') ?? [];
    const tail = tails.get(name);
    if (tail === undefined) return void response.writeHead(404).end('{}');
    if (file !== undefined) {
      const length = head.length + tail.length;
      response.writeHead(200, options.chunked ? {} : { 'content-length': length }).write(head);
      return void response.end(tail);
    }
    const integrity = `sha512-${headHash.copy().update(tail).digest('base64')}`;
    const dist = { tarball: `${url}/${name}/-/${name}-1.0.0.tgz`, integrity };
    const versions = { '1.0.0': { name, version: '1.0.0', dist } };
    const time = { '1.0.0': '2020-01-01T00:00:00.000Z' };
    const packument = { name, 'dist-tags': { latest: '1.0.0' }, time, versions };
    return void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(packument));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    names: [...tails.keys()],
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function stored(data: Buffer, final: boolean): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += BLOCK) {
    const piece = data.subarray(at, at + BLOCK);
    const header = Buffer.alloc(5);
    header[0] = final && at + BLOCK >= data.length ? 1 : 0;
    header.writeUInt16LE(piece.length, 1);
    header.writeUInt16LE(0xffff - piece.length, 3);
    pieces.push(header, piece);
  }
  return Buffer.concat(pieces);
}
