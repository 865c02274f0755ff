import type { Code } from '../../finding/rule-id.ts';
import { quote } from '../../text/printable.ts';
import { Typeflag } from '../entry.ts';
import type { CentralHeader } from './directory.ts';
import { DOS_FOLDER } from './header-checks.ts';

const TYPES: Readonly<Record<number, number>> = {
  0o100000: Typeflag.File,
  0o040000: Typeflag.Directory,
  0o120000: Typeflag.Symlink,
  0o010000: Typeflag.Fifo,
  0o020000: Typeflag.CharacterDevice,
  0o060000: Typeflag.BlockDevice,
};
/** Stands for sockets and unknown types. It is no typeflag of tar, so no rule treats it as harmless. */
const NO_TYPE = 0x3f;
const TYPE_BITS = 0o170000;

/**
 * The type of an entry by its Unix mode, whatever system made it, because Python looks only at the mode. Python's zipfile and most
 * writers on Windows write a mode without a type: then a slash at the end of the name means a folder.
 */
export function typeOf(
  header: CentralHeader,
  slash: boolean,
  entry: { plain: boolean; spelled: string; report: (code: Code, detail: string) => void },
): number {
  const bits = header.mode & TYPE_BITS;
  const typeless = bits === 0 && !entry.plain;
  const type = typeless ? (slash ? Typeflag.Directory : Typeflag.File) : (TYPES[bits] ?? NO_TYPE);
  const folder = type === Typeflag.Directory;
  if (slash !== folder) {
    entry.report(
      'zip-type-mismatch',
      `mode ${header.mode.toString(8)} for ${quote(entry.spelled)}`,
    );
  } else if (!entry.plain && !slash && (header.dosAttributes & DOS_FOLDER) !== 0) {
    entry.report('zip-type-mismatch', `a folder of MS-DOS, for ${quote(entry.spelled)}`);
  }
  if (folder && header.size > 0) entry.report('size-on-non-file', `its size is ${header.size}`);
  return type;
}
