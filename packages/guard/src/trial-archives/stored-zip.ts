import { crc32 } from 'node:zlib';

/** 1985-10-26, in the date of a zip. */
const DATE = (5 << 9) | (10 << 5) | 26;
const REGULAR = 0o100644;
const LINK = 0o120777;

export interface StoredEntry {
  readonly path: string;
  readonly body: string;
  /** The path in the header before the data, if it differs. */
  readonly localPath?: string;
  /** `body` is the target of a symbolic link. */
  readonly isLink?: boolean;
}

/** A zip of files that are not compressed (APPNOTE 4.3), for archives that are small enough to be written by hand. */
export function storedZip(entries: readonly StoredEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, localPath = path, body, isLink = false } of entries) {
    const content = Buffer.from(body);
    const [name, localName] = [Buffer.from(path), Buffer.from(localPath)];
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      commonFields(content, localName),
      localName,
      content,
    ]);
    const centralFields = Buffer.alloc(14);
    centralFields.writeUInt32LE((isLink ? LINK : REGULAR) * 0x1_0000, 6);
    centralFields.writeUInt32LE(offset, 10);
    locals.push(local);
    // The byte 3 means "made by Unix". Only then do readers use the mode.
    central.push(
      Buffer.from('PK\x01\x02\x14\x03'),
      commonFields(content, name),
      centralFields,
      name,
    );
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** The fields that both headers share: from "version needed" to the length of the extra fields. */
function commonFields(content: Buffer, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}
