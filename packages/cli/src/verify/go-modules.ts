/* What `verify` has go fetch: one module that its guard has to refuse, and one that it has to let pass. */
import { crc32 } from 'node:zlib';

/** A module that the loopback registry hands out, at version v1.0.0. */
export interface OfferedModule {
  readonly path: string;
  readonly bytes: Buffer;
}

const VERSION = 'v1.0.0';
/** Nobody can have it: RFC 2606. */
const HOST = 'tarwarden.invalid';
const DOS_TIME = 0x00210000;
const LINK_ATTRIBUTES = 0o120777 * 0x10000;

interface ZipEntry {
  readonly name: string;
  readonly body: string;
  /** The name in the header before the data, where that is another. */
  readonly localName?: string;
  readonly attributes?: number;
}

/** The module path of a package of that name. */
export function modulePath(name: string): string {
  return `${HOST}/${name}`;
}

/** How the guard and go call it. */
export function moduleSubject(name: string): string {
  return `${modulePath(name)}@${VERSION}`;
}

export function cleanModule(name: string): OfferedModule {
  return offer(name, []);
}

/**
 * A module that no default policy lets pass, for two reasons: a link, and a file that is called otherwise in the directory
 * of the zip than before its data. go without a guard takes both: it writes the link as a file that holds the target.
 */
export function canaryModule(name: string): OfferedModule {
  return offer(name, [
    { name: 'link.txt', body: 'canary.txt', attributes: LINK_ATTRIBUTES },
    { name: 'canary.txt', body: 'one line\n', localName: 'another.txt' },
  ]);
}

/** go.mod of a project that needs the module. */
export function needing(name: string): string {
  return `module ${HOST}/verify\n\ngo 1.21\n\nrequire ${modulePath(name)} ${VERSION}\n`;
}

/** What a module proxy answers for a path; undefined where it is of no module that is offered. */
export function proxyAnswer(path: string, offered: readonly OfferedModule[]): Buffer | undefined {
  const [, module, file] = /^\/(.+)\/@v\/(.+)$/.exec(path) ?? [];
  const found = offered.find((one) => one.path === module);
  if (found === undefined) return undefined;
  const files: Readonly<Record<string, Buffer | string>> = {
    list: `${VERSION}\n`,
    [`${VERSION}.info`]: JSON.stringify({ Version: VERSION, Time: '2020-01-01T00:00:00Z' }),
    [`${VERSION}.mod`]: goMod(found.path),
    [`${VERSION}.zip`]: found.bytes,
  };
  const body = files[file ?? ''];
  return body === undefined ? undefined : Buffer.from(body);
}

function goMod(path: string): string {
  return `module ${path}\n\ngo 1.21\n`;
}

function offer(name: string, more: readonly ZipEntry[]): OfferedModule {
  const path = modulePath(name);
  const entries = [
    { name: 'go.mod', body: goMod(path) },
    { name: 'verify.go', body: 'package verify\n' },
    ...more,
  ];
  const folder = `${path}@${VERSION}/`;
  return { path, bytes: zipOf(entries.map((one) => placed(one, folder))) };
}

function placed(entry: ZipEntry, folder: string): ZipEntry {
  const { name, localName = name } = entry;
  return { ...entry, name: folder + name, localName: folder + localName };
}

/** A zip of stored files. */
function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, localName = name, body, attributes = 0 } of entries) {
    const content = Buffer.from(body);
    const fields = (signature: number, madeBy: readonly number[], called: string): Buffer => {
      const before = Buffer.alloc(4 + 2 * madeBy.length);
      before.writeUInt32LE(signature);
      madeBy.forEach((value, at) => before.writeUInt16LE(value, 4 + 2 * at));
      const common = Buffer.alloc(26);
      common.writeUInt16LE(20, 0);
      common.writeUInt32LE(DOS_TIME, 6);
      common.writeUInt32LE(crc32(content), 10);
      common.writeUInt32LE(content.length, 14);
      common.writeUInt32LE(content.length, 18);
      common.writeUInt16LE(called.length, 22);
      return Buffer.concat([before, common]);
    };
    const local = Buffer.concat([
      fields(0x04034b50, [], localName),
      Buffer.from(localName),
      content,
    ]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(attributes, 6);
    tail.writeUInt32LE(offset, 10);
    const unix = attributes === 0 ? 20 : 0x0314;
    directory.push(fields(0x02014b50, [unix], name), tail, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
