/** A library that unpacks whatever an archive says, wherever it says: every hole at once. */
export const NAIVE_TAR = `
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
exports.x = async ({ file, cwd }) => {
  const bytes = zlib.gunzipSync(fs.readFileSync(file));
  const text = (at, length) => bytes.toString('latin1', at, at + length).replace(/\\0.*$/s, '');
  const at = (name) => (path.isAbsolute(name) ? name : path.join(fs.realpathSync(cwd), '.') + '/' + name);
  const write = (name, content) => {
    const target = at(name);
    fs.mkdirSync(target.slice(0, target.lastIndexOf('/')), { recursive: true });
    fs.writeFileSync(target, content);
  };
  for (let offset = 0; offset < bytes.length && bytes[offset] !== 0; ) {
    const name = text(offset, 100);
    const size = parseInt(text(offset + 124, 12), 8);
    const link = text(offset + 157, 100);
    const content = bytes.subarray(offset + 512, offset + 512 + size);
    const type = String.fromCharCode(bytes[offset + 156]);
    if (type !== '0') fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    if (type === '0') write(name, content);
    else if (type === '2') fs.symlinkSync(link, at(name));
    else fs.linkSync(at(link), at(name));
    offset += 512 + Math.ceil(size / 512) * 512;
  }
};
`;
