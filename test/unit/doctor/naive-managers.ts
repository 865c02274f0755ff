/** Managers that unpack as pip, gem and go do, into the same folders, and check nothing. Programs for a Node. */
import { NAIVE_TAR } from './naive-tar.ts';

/** `unzip(file, folder, prefix)` for zips that are not compressed; it makes links as well. */
const NAIVE_ZIP = `
const unzip = (file, folder, prefix) => {
  const fs = require('node:fs');
  const path = require('node:path');
  const bytes = fs.readFileSync(file);
  const end = bytes.lastIndexOf('PK\\x05\\x06');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    const inner = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    const target = path.isAbsolute(inner) ? inner : folder + '/' + inner;
    fs.mkdirSync(target.slice(0, target.lastIndexOf('/')), { recursive: true });
    if (bytes.readUInt32LE(at + 38) / 65536 >> 12 === 10) fs.symlinkSync(String(content), target);
    else fs.writeFileSync(target, content);
    at += 46 + length;
  }
};
`;

const START = `
const { copyFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const file = args.at(-1);
const option = (name) => args[args.indexOf(name) + 1];
const { env } = process;
`;

export const NAIVE_GO: string = `${NAIVE_ZIP}${START}
const [name] = file.split('@');
const proxy = require('node:url').fileURLToPath(env.GOPROXY);
const folder = env.GOMODCACHE + '/' + file;
mkdirSync(folder, { recursive: true });
unzip(proxy + '/' + name + '/@v/v1.0.0.zip', folder, file + '/');
`;

const NAIVE_WHEEL = `
const folder = env.TMPDIR + '/pip-target-x/lib/python';
mkdirSync(folder, { recursive: true });
unzip(file, folder, '');
copyFileSync(folder + '/inside.txt', option('--target') + '/inside.txt');
`;

/** pip leaves out the first folder of an sdist, and then runs what the sdist says: that is done by hand here. */
const NAIVE_SDIST = `
const folder = env.TMPDIR + '/pip-req-build-x';
mkdirSync(folder, { recursive: true });
exports.x({ file, cwd: folder }).then(() =>
  copyFileSync(folder + '/inside.txt', option('--target') + '/inside.txt'));
`;

const WITHOUT_FIRST = NAIVE_TAR.replace(
  'text(offset, 100);',
  "text(offset, 100).replace(/^canary-1\\.0\\.0\\//, '');",
);

export const NAIVE_PIP: string = `${NAIVE_ZIP}${START}${WITHOUT_FIRST}
if (file.endsWith('.whl')) {${NAIVE_WHEEL}} else {${NAIVE_SDIST}}
`;

export const NAIVE_GEM: string = `${START}${NAIVE_TAR}
const folder = option('--install-dir') + '/gems/canary-1.0.0';
mkdirSync(folder, { recursive: true });
const outer = readFileSync(file);
const header = outer.indexOf('data.tar.gz');
const size = parseInt(outer.toString('latin1', header + 124, header + 136), 8);
writeFileSync(env.TMPDIR + '/data.tgz', outer.subarray(header + 512, header + 512 + size));
exports.x({ file: env.TMPDIR + '/data.tgz', cwd: folder });
`;
