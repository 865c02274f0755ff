/** Archives to start from: the attack set, what real packages do, and what other writers make of a package. */
import { gunzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { Header, Pax } from 'tar';
import { pack } from 'tar-stream';
import { attacks, cleanOddities } from '../support/attacks.ts';

const FILES: Readonly<Record<string, string>> = {
  'package/package.json': '{"name":"fixture","version":"1.0.0"}\n',
  'package/index.js': 'module.exports = 1\n',
  [`package/${'a-long-folder/'.repeat(8)}file.js`]: 'x'.repeat(600),
  'package/docs/\u00fcber.md': '# \u00fcber\n',
};

async function byTarStream(): Promise<Buffer> {
  const writer = pack();
  for (const [name, body] of Object.entries(FILES)) writer.entry({ name, mode: 0o755 }, body);
  writer.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of writer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function byModernTar(): Promise<Buffer> {
  const entries = Object.entries(FILES).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' as const },
    body,
  }));
  return Buffer.from(await packTar(entries));
}

// As node-tar writes a file: a PAX header where the plain one cannot hold the path.
function byNodeTar(): Buffer {
  const parts: Buffer[] = [];
  for (const [path, text] of Object.entries(FILES)) {
    const body = Buffer.from(text);
    const head = new Header({
      path,
      mode: 0o644,
      size: body.length,
      type: 'File',
      mtime: new Date(0),
    });
    const block = Buffer.alloc(512);
    if (head.encode(block, 0)) parts.push(new Pax({ path, size: body.length }).encode());
    parts.push(block, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Unpacked archives to mutate, the small ones only, since many are read each second. */
export async function seedTars(): Promise<Buffer[]> {
  const built = [...cleanOddities, ...attacks]
    .filter(({ id }) => !/limit|oversized|large-manifest/.test(id))
    .flatMap((one) => {
      try {
        return [gunzipSync(one.build())];
      } catch {
        return [];
      }
    });
  return [
    ...built.filter((tar) => tar.length < 64 * 1024),
    await byTarStream(),
    await byModernTar(),
    byNodeTar(),
  ];
}
