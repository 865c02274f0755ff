/*
 * A program for each library, which unpacks an archive with it. It runs in its own Node process, because the library may hang, crash, or
 * use up all memory. Its arguments are the library's folder, the archive and the folder to unpack in.
 */

export interface Driver {
  readonly archives: readonly ('tar' | 'zip')[];
  /** Statements that can use `load()`, `archive`, `out` and `await`. */
  readonly code: string;
}

const STREAM = `
const done = (stream) => new Promise((resolve, reject) => {
  for (const event of ['finish', 'close', 'end']) stream.once(event, resolve);
  stream.once('error', reject);
});
const { createReadStream } = require('node:fs');
const { createGunzip } = require('node:zlib');
`;

const DECOMPRESS = `
const library = await load();
await (library.default ?? library)(archive, out);
`;

/** By package name. */
export const DRIVERS: Readonly<Record<string, Driver>> = {
  tar: {
    archives: ['tar'],
    code: `
const library = await load();
const { x, extract } = library.default?.x ? library.default : library;
await (x ?? extract)({ file: archive, cwd: out });
`,
  },
  'tar-fs': {
    archives: ['tar'],
    code: `
${STREAM}
const library = await load();
const { extract } = library.default ?? library;
const input = createReadStream(archive);
const gunzip = createGunzip();
const target = extract(out);
input.pipe(gunzip).pipe(target);
await done(target);
`,
  },
  'extract-zip': {
    archives: ['zip'],
    code: `
const library = await load();
const extract = library.default ?? library;
await new Promise((resolve, reject) => {
  const answer = extract(archive, { dir: out }, (error) => (error ? reject(error) : resolve()));
  if (answer && answer.then) answer.then(resolve, reject);
});
`,
  },
  unzipper: {
    archives: ['zip'],
    code: `
${STREAM}
const library = await load();
const { Extract } = library.Extract ? library : library.default;
const target = Extract({ path: out });
createReadStream(archive).pipe(target);
await (target.promise ? target.promise() : done(target));
`,
  },
  'adm-zip': {
    archives: ['zip'],
    code: `
const library = await load();
const Zip = library.default ?? library;
new Zip(archive).extractAllTo(out, true);
`,
  },
  decompress: { archives: ['tar', 'zip'], code: DECOMPRESS },
  '@xhmikosr/decompress': { archives: ['tar', 'zip'], code: DECOMPRESS },
};

/** The whole program, for `node --eval`. */
export function nodeProgram({ code }: Driver): string {
  return `
const [folder, archive, out] = process.argv.slice(1);
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { readFileSync } = require('node:fs');
const load = async () => {
  const inside = createRequire(join(folder, 'package.json'));
  try {
    return inside(folder);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'MODULE_NOT_FOUND') throw error;
    const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const first = (entry) => typeof entry === 'string' || entry == null ? entry
      : first(entry['.'] ?? entry.import ?? entry.node ?? entry.default);
    return import(pathToFileURL(join(folder, first(exports) ?? main ?? 'index.js')).href);
  }
};
(async () => {
${code}
})().catch((error) => {
  console.error(String(error && error.message || error));
  process.exitCode = 1;
});
`;
}

/** Unpacks with Python's own libraries. The arguments are kind, archive and folder. */
export const PYTHON = `
import sys, tarfile, zipfile
kind, archive, out = sys.argv[1:4]
try:
    if kind == "tar":
        with tarfile.open(archive) as opened:
            if hasattr(tarfile, "data_filter"):
                opened.extractall(out, filter="data")
            else:
                opened.extractall(out)
    else:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(out)
except Exception as error:
    sys.stderr.write(str(error))
    sys.exit(1)
`;
